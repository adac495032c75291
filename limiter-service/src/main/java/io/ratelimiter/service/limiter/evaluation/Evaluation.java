package io.ratelimiter.service.limiter.evaluation;

import io.ratelimiter.service.limiter.BlockReason;
import io.ratelimiter.service.limiter.Check;
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
 * @param check the check that is decided
 */
public record Evaluation(
    Source source, @Nullable DegradedReason degradedReason, long nowMicros, Check check) {

  /** The units that limits are evaluated for: one when the check takes nothing. */
  public long evaluatedCost() {
    return Math.max(1, check.cost());
  }

  /**
   * Whether a limit alone allows the cost: now, or after a wait that both check and rule permit.
   *
   * @param atMicros the key's own time, microseconds since 1970
   */
  public boolean allows(Rule rule, KeyState state, long atMicros) {
    return state.retryAfterMicros(evaluatedCost()) == 0
        || permitsWait(rule, state.startAfterMicros(evaluatedCost()), atMicros);
  }

  /**
   * Whether check and rule permit a wait of this time from the key's own time.
   *
   * @param waitMicros 0 for none, {@link Evaluated#NEVER} if waiting does not help
   */
  public boolean permitsWait(Rule rule, long waitMicros, long atMicros) {
    return waitMicros == 0
        || (waitMicros > 0 && waitMicros + atMicros - nowMicros <= maxWaitMicros(check, rule));
  }

  /** Max time that a check may wait for the units of a rule, microseconds. */
  public static long maxWaitMicros(Check check, Rule rule) {
    long maxMillis = check.options().maxWaitMillis();
    return maxMillis == 0 ? 0 : Math.min(maxMillis, rule.spending().maxWaitMillis()) * 1_000;
  }

  /**
   * The outcome of one limit.
   *
   * @param verdict on the limit
   * @param atMicros the key's own time, microseconds since 1970
   * @param state after the charge, if it was charged
   */
  public Evaluated outcome(Rule rule, Verdict verdict, long atMicros, KeyState state) {
    // The key's own time may be ahead of the clock, on which the caller waits.
    long ahead = atMicros - nowMicros;
    long after = startOrRetryMicros(verdict, state);
    return new Evaluated(
        rule,
        verdict.allowed(),
        verdict.charged(),
        verdict.rebased(),
        atMicros,
        state.remaining(),
        after <= 0 ? after : after + ahead,
        atMicros + state.resetAfterMicros(),
        state.nextUnitMicros() + ahead);
  }

  /** Time from the key's own time until an allowed check may start, or a blocked one passes. */
  private long startOrRetryMicros(Verdict verdict, KeyState state) {
    if (verdict.charged()) {
      return state.chargedStartMicros();
    }
    return verdict.allowed()
        ? state.startAfterMicros(evaluatedCost())
        : state.retryAfterMicros(evaluatedCost());
  }

  /**
   * The verdict on one limit.
   *
   * @param allowed whether this limit alone allows the cost
   * @param charged whether the cost was taken
   * @param rebased whether the key's time was set back
   */
  public record Verdict(boolean allowed, boolean charged, boolean rebased) {}

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
