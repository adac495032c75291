package io.ratelimiter.service.limiter.resilience;

import io.ratelimiter.service.ImageHeap;
import io.ratelimiter.service.limiter.BlockReason;
import io.ratelimiter.service.limiter.Check;
import io.ratelimiter.service.limiter.Decision;
import io.ratelimiter.service.limiter.LimitOutcome;
import io.ratelimiter.service.limiter.Limiter;
import io.ratelimiter.service.limiter.Rules;
import io.ratelimiter.service.limiter.Source;
import io.ratelimiter.service.rules.Algorithm;
import io.ratelimiter.service.rules.Match;
import io.ratelimiter.service.rules.Rule;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.stream.LongStream;
import org.awaitility.Awaitility;

/**
 * Blocks checks with ids and limit keys of max length, under the max number of limits, and compares
 * the memory in use with the stated bound.
 */
final class CachedBlocksFlood {

  private static final int CHECKS = 120_000;
  private static final int LIMITS = 40;

  /**
   * Allowance, bytes, for classes loaded meanwhile and for blocks that the cache has not measured.
   */
  private static final long OWN_BYTES = 4 << 20;

  private CachedBlocksFlood() {}

  /** Runs without arguments. */
  public static void main(String... arguments) {
    Match match =
        new Match(LongStream.range(0, LIMITS).mapToObj(CachedBlocksFlood::rule).toList(), 1);
    CountedAdjustments none = new CountedAdjustments(new SilentCounters(new CompletableFuture<>()));
    Limiter store = (check, of) -> CompletableFuture.completedStage(blocked(of));
    // No block expires while the clock stands.
    CachedBlocksLimiter limiter = new CachedBlocksLimiter(store, () -> 0, none);
    long before = ImageHeap.usedBytes();
    for (int i = 0; i < CHECKS; i++) {
      limiter.check(new Check("default", padded("client-" + i), padded("key-" + i), 1), match);
    }
    long bound = Runtime.getRuntime().maxMemory() / 16;
    Awaitility.await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> within(ImageHeap.usedBytes() - before, bound));
    Decision cached =
        limiter
            .check(new Check("default", padded("client-x"), "key", 1), match)
            .toCompletableFuture()
            .join();
    System.out.println(cached.source());
  }

  private static boolean within(long used, long bound) {
    System.out.printf(Locale.ROOT, "in use %,d bytes, bound %,d%n", used, bound);
    return used <= bound + OWN_BYTES;
  }

  private static Rule rule(long id) {
    return Rules.enforcing(id, Rules.policy(Algorithm.TOKEN_BUCKET, 1, 60));
  }

  private static Decision blocked(Match match) {
    List<LimitOutcome> limits = new ArrayList<>();
    for (Rule rule : match.rules()) {
      limits.add(
          new LimitOutcome.Evaluated(rule, false, false, false, 1, 0, 60_000_000, 60_000_001, 1));
    }
    return new Decision.Blocked(
        Source.REDIS, null, 1, limits, BlockReason.LIMIT_EXCEEDED, 60_000_000);
  }

  private static String padded(String text) {
    return text + "x".repeat(256 - text.length());
  }
}
