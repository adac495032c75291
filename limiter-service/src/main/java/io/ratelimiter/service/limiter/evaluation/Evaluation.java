package io.ratelimiter.service.limiter.evaluation;

import io.ratelimiter.service.limiter.BlockReason;
import io.ratelimiter.service.limiter.Decision;
import io.ratelimiter.service.limiter.DegradedReason;
import io.ratelimiter.service.limiter.LimitOutcome;
import io.ratelimiter.service.limiter.LimitOutcome.Evaluated;
import io.ratelimiter.service.limiter.Source;
import io.ratelimiter.service.rules.Rule;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Turns the evaluated limits of a check into a decision.
 *
 * @param source where the limits were evaluated
 * @param degradedReason why the store did not evaluate them; null when it did
 * @param nowMicros the clock at the decision, microseconds since 1970
 * @param cost the cost of the check, units
 */
public record Evaluation(
    Source source, @Nullable DegradedReason degradedReason, long nowMicros, long cost) {

  /** The units that limits are evaluated for: one when the check takes nothing. */
  public long evaluatedCost() {
    return Math.max(1, cost);
  }

  /**
   * The outcome of one limit.
   *
   * @param atMicros the key's own time, microseconds since 1970
   */
  public Evaluated outcome(Rule rule, Verdict verdict, long atMicros, KeyState state) {
    // The key's own time may be ahead of the clock, on which the caller waits.
    long ahead = atMicros - nowMicros;
    long retryAfter = verdict.retryAfterMicros();
    return new Evaluated(
        rule,
        retryAfter == 0,
        verdict.charged(),
        verdict.rebased(),
        atMicros,
        state.remaining(),
        retryAfter <= 0 ? retryAfter : retryAfter + ahead,
        atMicros + state.resetAfterMicros(),
        state.nextUnitMicros() + ahead);
  }

  /**
   * The verdict on one limit.
   *
   * @param retryAfterMicros time from the key's own time until this limit alone allows the cost: 0
   *     when it does, {@link Evaluated#NEVER} when it never will
   * @param charged whether the cost was taken
   * @param rebased whether the key's time was set back
   */
  public record Verdict(long retryAfterMicros, boolean charged, boolean rebased) {}

  /** The decision that follows from the outcomes, given in the order of the match. */
  public Decision decide(List<LimitOutcome> limits) {
    long retryAfter = 0;
    for (LimitOutcome limit : limits) {
      if (limit instanceof Evaluated evaluated
          && !evaluated.allowed()
          && evaluated.rule().enforcing()) {
        retryAfter = longer(retryAfter, evaluated.retryAfterMicros());
      }
    }
    if (retryAfter == 0) {
      return new Decision.Allowed(source, degradedReason, nowMicros, limits);
    }
    BlockReason reason =
        retryAfter == Evaluated.NEVER ? BlockReason.COST_EXCEEDS_LIMIT : BlockReason.LIMIT_EXCEEDED;
    return new Decision.Blocked(source, degradedReason, nowMicros, limits, reason, retryAfter);
  }

  private static long longer(long a, long b) {
    return a == Evaluated.NEVER || b == Evaluated.NEVER ? Evaluated.NEVER : Math.max(a, b);
  }
}
