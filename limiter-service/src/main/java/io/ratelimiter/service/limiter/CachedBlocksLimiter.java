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
 *   <li>A refund or reset of the client through this instance ends it, also one that was made while
 *       the check was in flight.
 * </ol>
 *
 * <p>Exceptions, each shorter than {@link #LONGEST}: a refund or reset through another instance, or
 * one that ran after it had timed out, lost data, or a clock that jumps forward.
 *
 * <p>Memory is bounded by a sixteenth of the heap.
 */
public final class CachedBlocksLimiter implements Limiter {

  /** How long a block is believed at the most. */
  private static final Duration LONGEST = Duration.ofSeconds(1);

  private static final int SHARE_OF_HEAP = 16;

  /**
   * Memory of a block without limits and characters, bytes with compressed references: the cache's
   * node and entry 144, check 32, its strings 120, block 40, decision 40, its list 48.
   */
  private static final int BLOCK_BYTES = 424;

  /** Memory of one limit, bytes: its outcome 72 and its place in the list 4. */
  private static final int LIMIT_BYTES = 76;

  private static final long COUNTER_TOLERANCE_MICROS = 1_000;

  private final Limiter next;
  private final LongSupplier nanoTime;
  private final CountedAdjustments adjustments;
  private final Cache<Check, Block> blocks;

  /**
   * A limiter that knows no block yet.
   *
   * @param nanoTime as {@link System#nanoTime()}
   * @param adjustments counts those that are made through this instance
   */
  public CachedBlocksLimiter(Limiter next, LongSupplier nanoTime, CountedAdjustments adjustments) {
    this.next = next;
    this.nanoTime = nanoTime;
    this.adjustments = adjustments;
    this.blocks =
        Caffeine.newBuilder()
            .maximumWeight(Runtime.getRuntime().maxMemory() / SHARE_OF_HEAP)
            .weigher(CachedBlocksLimiter::bytes)
            .ticker(nanoTime::getAsLong)
            .expireAfterWrite(LONGEST)
            .build();
  }

  /**
   * A block as the store returned it.
   *
   * @param adjustments the client's count when the check was sent
   */
  private record Block(
      Decision.Blocked decision,
      long generation,
      long sentNanos,
      long validMicros,
      int adjustments) {}

  /** Two bytes for each character, since not every id is Latin-1. */
  private static int bytes(Check check, Block block) {
    int characters =
        check.tenant().length() + check.clientId().length() + check.limitKey().length();
    return BLOCK_BYTES + 2 * characters + LIMIT_BYTES * block.decision().limits().size();
  }

  @Override
  public CompletionStage<Decision> check(Check check, Match match) {
    if (check.peek()) {
      return next.check(check, match);
    }
    long nowNanos = nanoTime.getAsLong();
    int adjustedBefore = adjustments.of(check);
    Decision known = known(check, match, nowNanos, adjustedBefore);
    if (known != null) {
      return CompletableFuture.completedStage(known);
    }
    return next.check(check, match)
        .whenComplete((decision, _) -> {
          if (decision instanceof Decision.Blocked blocked && blocked.source() == Source.REDIS) {
            long micros = validMicros(blocked);
            remember(
                check, new Block(blocked, match.generation(), nowNanos, micros, adjustedBefore));
          }
        });
  }

  private @Nullable Decision known(Check check, Match match, long nowNanos, int adjusted) {
    Block block = blocks.getIfPresent(check);
    if (block == null
        || block.generation() != match.generation()
        || block.adjustments() != adjusted) {
      return null;
    }
    // Rounded up: the age of a block must not be taken for less than it is.
    long ageMicros = Math.ceilDiv(nowNanos - block.sentNanos(), 1_000L);
    return ageMicros < block.validMicros() ? block.decision().after(ageMicros) : null;
  }

  private void remember(Check check, Block block) {
    if (block.validMicros() > 0) {
      blocks.put(check, block);
    }
  }

  /** A cost above the limit has no retry time and is asked anew. */
  private static long validMicros(Decision.Blocked blocked) {
    boolean counterBlocks =
        blocked.limits().stream()
            .anyMatch(limit ->
                limit instanceof LimitOutcome.Judged judged
                    && judged.rule().enforcing()
                    && !judged.allowed()
                    && judged.rule().policy() instanceof Policy.SlidingWindowCounter);
    long micros = blocked.retryAfterMicros() - (counterBlocks ? COUNTER_TOLERANCE_MICROS : 0);
    return Math.min(micros, LONGEST.toNanos() / 1_000);
  }
}
