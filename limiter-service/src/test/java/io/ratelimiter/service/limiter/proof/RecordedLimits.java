package io.ratelimiter.service.limiter.proof;

import io.ratelimiter.schemas.AdjustmentEvent;
import io.ratelimiter.schemas.Counter;
import io.ratelimiter.schemas.DecisionEvent;
import io.ratelimiter.service.limiter.Adjustment;
import io.ratelimiter.service.limiter.Check;
import io.ratelimiter.service.limiter.LimitOutcome;
import io.ratelimiter.service.limiter.LimitOutcome.Evaluated;
import io.ratelimiter.service.rules.Policy;
import io.ratelimiter.service.rules.Rule;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The limits of recorded events. */
final class RecordedLimits {

  private RecordedLimits() {}

  static DecisionEvent.Limit of(Check check, LimitOutcome outcome) {
    Rule rule = outcome.rule();
    return new DecisionEvent.Limit(
        rule.name(),
        rule.id(),
        rule.tenant(),
        rule.limitKey(),
        rule.revision(),
        rule.policy().algorithm().wireName(),
        rule.policy().limit(),
        burst(rule.policy()),
        rule.policy().windowSeconds(),
        rule.mode().wireName(),
        rule.shared(),
        counter(check, rule),
        outcome instanceof Evaluated evaluated ? verdict(evaluated) : null,
        new DecisionEvent.Terms(
            rule.reserved(check.priority()),
            rule.spending().maxWaitMillis(),
            rule.spending().overdraft()));
  }

  private static DecisionEvent.Verdict verdict(Evaluated evaluated) {
    return new DecisionEvent.Verdict(
        evaluated.remaining(),
        evaluated.resetAtMicros() / 1_000,
        evaluated.allowed(),
        evaluated.atMicros(),
        evaluated.rebased(),
        evaluated.charged());
  }

  static AdjustmentEvent.Limit of(Check check, Adjustment.Limit limit) {
    Rule rule = limit.rule();
    return new AdjustmentEvent.Limit(
        rule.name(),
        rule.id(),
        rule.tenant(),
        rule.limitKey(),
        rule.revision(),
        rule.policy().algorithm().wireName(),
        rule.policy().limit(),
        burst(rule.policy()),
        rule.policy().windowSeconds(),
        rule.shared(),
        counter(check, rule),
        limit.atMicros(),
        limit.rebased(),
        limit.givenBack(),
        limit.taken(),
        limit.uncharged());
  }

  private static @Nullable Counter counter(Check check, Rule rule) {
    List<String> by = rule.terms().by();
    return by == null ? null : new Counter(by, by.stream().map(check::attribute).toList());
  }

  private static @Nullable Long burst(Policy policy) {
    return policy instanceof Policy.TokenBucket bucket ? bucket.burst() : null;
  }
}
