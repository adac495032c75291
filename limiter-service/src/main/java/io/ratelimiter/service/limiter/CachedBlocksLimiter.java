package io.ratelimiter.service.limiter;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.ratelimiter.service.rules.Match;
import io.ratelimiter.service.rules.Policy;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Answers a check here that the store blocked less than its retry time ago, so that a client that
 * hammers costs no round trip. Thread-safe, never blocks, bounded.
 *
 * <p>Such an answer blocks nothing that the store would allow:
 *
 * <ol>
 *   <li>A block takes nothing, so until the retry time has passed the store would give the same
 *       verdict, whoever else comes: others can only consume more.
 *   <li>The retry time r runs from the moment at which the store decided, which is after the
 *       command was sent. Measured from the sending, r is over no later than in the store.
 *   <li>Of several limits, r is the longest of the blocking ones: until then at least that one
 *       blocks.
 *   <li>The counter form's retry time is true to within 1 ms, so one is taken off.
 *   <li>It holds for the same tenant, client, limit key and cost, and for the rule set that
 *       blocked: another generation of it is another question.
 * </ol>
 *
 * <p>Exceptions, each shorter than {@link #LONGEST}: a refund, a reset, lost data, or a clock that
 * jumps forward.
 */
public final class CachedBlocksLimiter implements Limiter {

  /** How long a block is believed at the most. */
  private static final Duration LONGEST = Duration.ofSeconds(1);

  /** Some 100 bytes each, and the decision. */
  private static final int MAX_BLOCKS = 50_000;

  private static final long COUNTER_TOLERANCE_MICROS = 1_000;

  private final Limiter next;
  private final LongSupplier nanoTime;
  private final Cache<Check, Block> blocks;

  /**
   * A limiter that knows no block yet.
   *
   * @param nanoTime as {@link System#nanoTime()}
   */
  public CachedBlocksLimiter(Limiter next, LongSupplier nanoTime) {
    this.next = next;
    this.nanoTime = nanoTime;
    this.blocks =
        Caffeine.newBuilder()
            .maximumSize(MAX_BLOCKS)
            .ticker(nanoTime::getAsLong)
            .expireAfterWrite(LONGEST)
            .build();
  }

  private record Block(
      Decision.Blocked decision, long generation, long sentNanos, long validMicros) {}

  @Override
  public CompletionStage<Decision> check(Check check, Match match) {
    if (check.peek()) {
      return next.check(check, match);
    }
    long nowNanos = nanoTime.getAsLong();
    Decision known = known(check, match, nowNanos);
    if (known != null) {
      return CompletableFuture.completedStage(known);
    }
    return next.check(check, match)
        .whenComplete((decision, _) -> remember(check, match, decision, nowNanos));
  }

  private @Nullable Decision known(Check check, Match match, long nowNanos) {
    Block block = blocks.getIfPresent(check);
    if (block == null || block.generation() != match.generation()) {
      return null;
    }
    // Rounded up: the age of a block must not be taken for less than it is.
    long ageMicros = Math.ceilDiv(nowNanos - block.sentNanos(), 1_000L);
    return ageMicros < block.validMicros() ? block.decision().after(ageMicros) : null;
  }

  private void remember(Check check, Match match, @Nullable Decision decision, long sentNanos) {
    if (decision instanceof Decision.Blocked blocked && blocked.source() == Source.REDIS) {
      long validMicros = Math.min(trueFor(blocked), LONGEST.toNanos() / 1_000);
      if (validMicros > 0) {
        blocks.put(check, new Block(blocked, match.generation(), sentNanos, validMicros));
      }
    }
  }

  /** A cost above the limit has no retry time and is asked anew. */
  private static long trueFor(Decision.Blocked blocked) {
    boolean counterBlocks =
        blocked.limits().stream()
            .anyMatch(limit ->
                limit instanceof LimitOutcome.Judged judged
                    && judged.rule().enforcing()
                    && !judged.allowed()
                    && judged.rule().policy() instanceof Policy.SlidingWindowCounter);
    return blocked.retryAfterMicros() - (counterBlocks ? COUNTER_TOLERANCE_MICROS : 0);
  }
}
