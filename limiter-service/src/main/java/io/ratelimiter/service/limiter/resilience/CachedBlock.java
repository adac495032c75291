package io.ratelimiter.service.limiter.resilience;

import io.ratelimiter.service.limiter.Check;
import io.ratelimiter.service.limiter.Decision;
import io.ratelimiter.service.limiter.LimitOutcome;
import io.ratelimiter.service.limiter.LimitOutcome.Evaluated;
import io.ratelimiter.service.limiter.Source;

/**
 * A block as the store returned it.
 *
 * @param generation the generation of the rule set that blocked
 * @param sentNanos when the check was sent, as of {@link System#nanoTime()}
 * @param validMicros time from then during which the block is reused
 * @param adjustments the client's count of adjustments when the check was sent
 */
record CachedBlock(
    Decision.Blocked decision, long generation, long sentNanos, long validMicros, int adjustments) {

  /**
   * Memory of a block without limits and characters, bytes with compressed references: the cache's
   * node and entry 144, check 32, its strings 120, block 40, decision 40, its list 48.
   */
  private static final int BLOCK_BYTES = 424;

  /** Memory of one limit, bytes: its outcome 72 and its place in the list 4. */
  private static final int LIMIT_BYTES = 76;

  /**
   * Memory of the block under this check, bytes: two for each character, as not all are Latin-1.
   */
  static int bytes(Check check, CachedBlock block) {
    int characters =
        check.tenant().length() + check.clientId().length() + check.limitKey().length();
    return BLOCK_BYTES + 2 * characters + LIMIT_BYTES * block.decision().limits().size();
  }

  /**
   * The same block after this time, which must be less than the retry time: waiting times are
   * shorter, and nothing is charged.
   */
  Decision.Blocked after(long ageMicros) {
    long nowMicros = decision.decidedAtMicros() + ageMicros;
    return new Decision.Blocked(
        Source.CACHE,
        null,
        nowMicros,
        decision.limits().stream().map(limit -> after(limit, ageMicros, nowMicros)).toList(),
        decision.reason(),
        decision.retryAfterMicros() - ageMicros);
  }

  private static LimitOutcome after(LimitOutcome limit, long ageMicros, long nowMicros) {
    return switch (limit) {
      case LimitOutcome.NotEvaluated outcome -> outcome;
      case Evaluated outcome ->
          new Evaluated(
              outcome.rule(),
              outcome.allowed(),
              false,
              false,
              Math.max(nowMicros, outcome.atMicros()),
              outcome.remaining(),
              outcome.retryAfterMicros() <= 0
                  ? outcome.retryAfterMicros()
                  : Math.max(1, outcome.retryAfterMicros() - ageMicros),
              outcome.resetAtMicros(),
              Math.max(0, outcome.nextUnitMicros() - ageMicros));
    };
  }
}
