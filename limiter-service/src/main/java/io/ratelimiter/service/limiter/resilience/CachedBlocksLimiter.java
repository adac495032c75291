package io.ratelimiter.service.limiter.resilience;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.ratelimiter.service.limiter.Check;
import io.ratelimiter.service.limiter.Decision;
import io.ratelimiter.service.limiter.LimitOutcome.Evaluated;
import io.ratelimiter.service.limiter.Limiter;
import io.ratelimiter.service.limiter.Source;
import io.ratelimiter.service.rules.Match;
import io.ratelimiter.service.rules.Policy;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Answers a check without the store when the store blocked the same check less than its retry time
 * ago, so that a client that keeps retrying costs no round trip. Thread-safe, never blocks,
 * bounded.
 *
 * <p>Such an answer blocks nothing that the store would allow:
 *
 * <ol>
 *   <li>A block takes nothing, and other checks can only consume more. So until the retry time has
 *       passed the store would block again.
 *   <li>The retry time runs from the store's decision, which is after the command was sent.
 *       Measured from the sending, it is over no later than in the store.
 *   <li>Of several limits, the retry time is the longest of the blocking ones: until then at least
 *       that one blocks.
 *   <li>The retry time of a sliding window counter is exact to within 1 ms, so 1 ms is subtracted.
 *   <li>A block is reused only for the same tenant, client, limit key and cost, and for the
 *       generation of the rule set that blocked.
 *   <li>A refund or reset of the client through this instance ends it, also one that was applied
 *       while the check was in flight.
 * </ol>
 *
 * <p>Exceptions, each shorter than {@link #MAX_AGE}: a refund or reset through another instance, or
 * one that ran after it had timed out, lost data, or a clock that jumps forward.
 *
 * <p>Memory is bounded by a sixteenth of the heap.
 */
public final class CachedBlocksLimiter implements Limiter {

  private static final Duration MAX_AGE = Duration.ofSeconds(1);
  private static final int SHARE_OF_HEAP = 16;
  private static final long COUNTER_TOLERANCE_MICROS = 1_000;

  private final Limiter next;
  private final LongSupplier nanoTime;
  private final CountedAdjustments adjustments;
  private final Cache<Check, CachedBlock> blocks;

  /**
   * A limiter without any cached block.
   *
   * @param nanoTime as {@link System#nanoTime()}
   * @param adjustments counts the refunds and resets through this instance
   */
  public CachedBlocksLimiter(Limiter next, LongSupplier nanoTime, CountedAdjustments adjustments) {
    this.next = next;
    this.nanoTime = nanoTime;
    this.adjustments = adjustments;
    this.blocks =
        Caffeine.newBuilder()
            .maximumWeight(Runtime.getRuntime().maxMemory() / SHARE_OF_HEAP)
            .weigher(CachedBlock::bytes)
            .ticker(nanoTime::getAsLong)
            .expireAfterWrite(MAX_AGE)
            .build();
  }

  @Override
  public CompletionStage<Decision> check(Check check, Match match) {
    if (check.peek()) {
      return next.check(check, match);
    }
    long nowNanos = nanoTime.getAsLong();
    int adjustmentsBefore = adjustments.count(check);
    Decision cached = cached(check, match, nowNanos, adjustmentsBefore);
    if (cached != null) {
      return CompletableFuture.completedStage(cached);
    }
    return next.check(check, match)
        .whenComplete((decision, _) -> {
          if (decision instanceof Decision.Blocked blocked && blocked.source() == Source.REDIS) {
            cache(check, match, blocked, nowNanos, adjustmentsBefore);
          }
        });
  }

  private @Nullable Decision cached(
      Check check, Match match, long nowNanos, int adjustmentsBefore) {
    CachedBlock block = blocks.getIfPresent(check);
    if (block == null
        || block.generation() != match.generation()
        || block.adjustments() != adjustmentsBefore) {
      return null;
    }
    // Rounded up: the block must not be taken for younger than it is.
    long ageMicros = Math.ceilDiv(nowNanos - block.sentNanos(), 1_000L);
    return ageMicros < block.validMicros() ? block.after(ageMicros) : null;
  }

  /** Caches the block unless its cost is above the limit: such a block has no retry time. */
  private void cache(
      Check check, Match match, Decision.Blocked blocked, long sentNanos, int adjustmentsBefore) {
    long validMicros = validMicros(blocked);
    if (validMicros > 0) {
      blocks.put(
          check,
          new CachedBlock(blocked, match.generation(), sentNanos, validMicros, adjustmentsBefore));
    }
  }

  private static long validMicros(Decision.Blocked blocked) {
    boolean counterBlocks =
        blocked.limits().stream()
            .anyMatch(limit ->
                limit instanceof Evaluated evaluated
                    && evaluated.rule().enforcing()
                    && !evaluated.allowed()
                    && evaluated.rule().policy() instanceof Policy.SlidingWindowCounter);
    long micros = blocked.retryAfterMicros() - (counterBlocks ? COUNTER_TOLERANCE_MICROS : 0);
    return Math.min(micros, MAX_AGE.toNanos() / 1_000);
  }

  @Override
  public String toString() {
    return "CachedBlocksLimiter(max age " + MAX_AGE.toMillis() + " ms) -> " + next;
  }
}
