package io.ratelimiter.service.limiter;

import io.ratelimiter.service.limiter.LimitOutcome.Judged;
import io.ratelimiter.service.rules.Rule;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Turns what was found and charged into a decision.
 *
 * @param source who judged
 * @param degradedReason why it was not the store, null when it was
 * @param nowMicros the clock at the decision, microseconds since 1970
 * @param cost units asked for; 0 looked whether one would pass
 */
public record Judgement(
    Source source, @Nullable DegradedReason degradedReason, long nowMicros, long cost) {

  /** The units whose passing was asked: looking asks for one. */
  public long asked() {
    return Math.max(1, cost);
  }

  /** The outcome of one limit whose key stands at {@code atMicros}. */
  public Judged outcome(Rule rule, Verdict verdict, long atMicros, Consumption consumption) {
    // The key's own time may be ahead of the clock; what the caller waits for is the clock.
    long ahead = atMicros - nowMicros;
    long retryAfter = verdict.allowed() ? 0 : consumption.retryAfterMicros(asked());
    return new Judged(
        rule,
        verdict.allowed(),
        verdict.charged(),
        verdict.rebased(),
        atMicros,
        consumption.remaining(),
        retryAfter <= 0 ? retryAfter : retryAfter + ahead,
        atMicros + consumption.resetAfterMicros(),
        consumption.nextUnitMicros() + ahead);
  }

  /**
   * What was found of one limit.
   *
   * @param allowed whether this limit alone allows the cost
   * @param charged whether the cost was taken
   * @param rebased whether the key's time was set back
   */
  public record Verdict(boolean allowed, boolean charged, boolean rebased) {}

  /** The decision that follows from the outcomes, which are in the match's order. */
  public Decision decide(List<LimitOutcome> limits) {
    long retryAfter = 0;
    for (LimitOutcome limit : limits) {
      if (limit instanceof Judged judged && !judged.allowed() && judged.rule().enforcing()) {
        retryAfter = longer(retryAfter, judged.retryAfterMicros());
      }
    }
    if (retryAfter == 0) {
      return new Decision.Allowed(source, degradedReason, nowMicros, limits);
    }
    BlockReason reason =
        retryAfter == Judged.NEVER ? BlockReason.COST_EXCEEDS_LIMIT : BlockReason.LIMIT_EXCEEDED;
    return new Decision.Blocked(source, degradedReason, nowMicros, limits, reason, retryAfter);
  }

  private static long longer(long a, long b) {
    return a == Judged.NEVER || b == Judged.NEVER ? Judged.NEVER : Math.max(a, b);
  }
}
