package io.ratelimiter.service.limiter.resilience;

import io.ratelimiter.service.limiter.Check;
import io.ratelimiter.service.limiter.Decision;
import io.ratelimiter.service.limiter.LimitOutcome;
import io.ratelimiter.service.limiter.LimitOutcome.Evaluated;

/**
 * A block by one limit, as the store returned it.
 *
 * @param check the check that was blocked
 * @param limit the limit that blocked
 * @param generation the generation of the rule set that blocked
 * @param sentNanos when the check was sent, as of {@link System#nanoTime()}
 * @param validMicros for how long after {@code sentNanos} the block is reused
 * @param adjustments the count of adjustments of the counter when the check was sent
 */
record CachedBlock(
    Check check,
    Decision.Blocked decision,
    Evaluated limit,
    long generation,
    long sentNanos,
    long validMicros,
    int adjustments) {

  /**
   * Memory of a block without limits and characters, bytes with compressed references: the cache's
   * node and entry 144, counter 48, check 40 and its options 40, a decision's id 64, their strings
   * 200, block 56, decision 40, its list 48.
   */
  private static final int BLOCK_BYTES = 680;

  /** Memory of one limit, bytes: its outcome 72 and its place in the list 4. */
  private static final int LIMIT_BYTES = 76;

  /** Memory of one attribute without characters, bytes: two strings and their places. */
  private static final int ATTRIBUTE_BYTES = 88;

  /**
   * Memory of the block, bytes: two for each character, as not all are Latin-1.
   *
   * @param counter under which it is cached
   */
  static int bytes(BlockedCounter counter, CachedBlock block) {
    Check check = block.check();
    int characters =
        counter.length()
            + check.tenant().length()
            + check.clientId().length()
            + check.limitKey().length();
    for (int i = 0; i < check.attributes().size(); i++) {
      characters += check.attributes().name(i).length() + check.attributes().value(i).length();
    }
    return BLOCK_BYTES
        + 2 * characters
        + ATTRIBUTE_BYTES * check.attributes().size()
        + LIMIT_BYTES * block.decision().limits().size();
  }

  /** Rounded up: the block must not be taken for younger than it is. */
  long ageMicros(long nowNanos) {
    return Math.ceilDiv(nowNanos - sentNanos, 1_000L);
  }

  /** The store's clock after this time. */
  long nowMicros(long ageMicros) {
    return decision.decidedAtMicros() + ageMicros;
  }

  /** A limit of the decision after this time: waiting times are shorter, nothing is charged. */
  LimitOutcome after(LimitOutcome outcome, long ageMicros) {
    return switch (outcome) {
      case LimitOutcome.NotEvaluated notEvaluated -> notEvaluated;
      case Evaluated evaluated ->
          new Evaluated(
              evaluated.rule(),
              evaluated.allowed(),
              false,
              false,
              Math.max(nowMicros(ageMicros), evaluated.atMicros()),
              evaluated.remaining(),
              evaluated.retryAfterMicros() <= 0
                  ? evaluated.retryAfterMicros()
                  : Math.max(1, evaluated.retryAfterMicros() - ageMicros),
              evaluated.resetAtMicros(),
              Math.max(0, evaluated.nextUnitMicros() - ageMicros));
    };
  }
}
