package io.ratelimiter.service.decisions;

import io.ratelimiter.schemas.AdjustmentEvent;
import io.ratelimiter.schemas.Counter;
import io.ratelimiter.schemas.DecisionEvent;
import io.ratelimiter.schemas.SeriesPosition;
import io.ratelimiter.service.check.AdjustmentResult;
import io.ratelimiter.service.check.CheckResult;
import io.ratelimiter.service.check.WireValues;
import io.ratelimiter.service.limiter.Adjustment;
import io.ratelimiter.service.limiter.Check;
import io.ratelimiter.service.limiter.CheckOptions;
import io.ratelimiter.service.limiter.Decision;
import io.ratelimiter.service.limiter.LimitOutcome;
import io.ratelimiter.service.rules.Rule;
import io.ratelimiter.service.rules.Spending;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Maps results to the events of the decisions topic. */
final class DecisionEventMapper {

  private DecisionEventMapper() {}

  static DecisionEvent decision(CheckResult result, SeriesPosition position) {
    Decision decision = result.decision();
    LimitOutcome top = decision.top();
    var degraded = decision.degradedReason();
    return new DecisionEvent(
        result.publishedId(),
        position,
        result.correlationId(),
        result.check().tenant(),
        result.check().clientId(),
        result.check().limitKey(),
        attributes(result.check()),
        result.check().cost(),
        decision instanceof Decision.Allowed,
        reason(decision, top),
        top == null ? null : top(top, decision),
        WireValues.retryAfterMillis(decision),
        decision.source().wireName(),
        degraded != null,
        degraded == null ? null : degraded.wireName(),
        decision.decidedAtMicros(),
        result.latencyMicros(),
        limits(decision.limits(), result.check()),
        spending(result.check().options(), decision));
  }

  private static DecisionEvent.Spending spending(CheckOptions options, Decision decision) {
    return options.equals(CheckOptions.DEFAULT)
        ? DecisionEvent.Spending.PLAIN
        : new DecisionEvent.Spending(
            options.priority().wireName(),
            options.maxWaitMillis(),
            decision.waitMicros(),
            options.settleWithinMillis());
  }

  static AdjustmentEvent adjustment(AdjustmentResult result, SeriesPosition position) {
    AdjustmentResult.Settled settled = result.settled();
    List<AdjustmentEvent.Limit> limits = new ArrayList<>(result.adjustment().limits().size());
    for (Adjustment.Limit limit : result.adjustment().limits()) {
      limits.add(adjusted(limit, result.check()));
    }
    return new AdjustmentEvent(
        result.publishedId(),
        result.kind().wireName(),
        position,
        result.correlationId(),
        result.check().tenant(),
        result.check().clientId(),
        result.check().limitKey(),
        attributes(result.check()),
        settled == null ? result.check().cost() : settled.cost(),
        result.refundId(),
        result.adjustment().decidedAtMicros(),
        limits,
        settled == null ? null : settled(settled, result));
  }

  private static AdjustmentEvent.Settled settled(
      AdjustmentResult.Settled settled, AdjustmentResult result) {
    return new AdjustmentEvent.Settled(
        settled.decisionId(), result.check().cost(), WireValues.uncharged(result.adjustment()));
  }

  private static Map<String, String> attributes(Check check) {
    return check.attributes().isEmpty() ? Map.of() : check.attributes().asMap();
  }

  /** The counter of a rule that applies, so the check has every attribute of {@code by}. */
  private static @Nullable Counter counter(Rule rule, Check check) {
    List<String> by = rule.terms().by();
    if (by == null) {
      return null;
    }
    List<String> values = new ArrayList<>(by.size());
    for (String name : by) {
      values.add(Objects.requireNonNull(check.attribute(name), name));
    }
    return new Counter(by, values);
  }

  private static @Nullable String reason(Decision decision, @Nullable LimitOutcome top) {
    return decision instanceof Decision.Allowed && top == null
        ? DecisionEvent.NO_RULE
        : WireValues.reason(decision);
  }

  private static DecisionEvent.Top top(LimitOutcome top, Decision decision) {
    Rule rule = top.rule();
    return new DecisionEvent.Top(
        WireValues.remaining(decision, top),
        rule.policy().limit(),
        rule.policy().windowSeconds(),
        WireValues.resetAtMillis(top),
        rule.policy().algorithm().wireName(),
        rule.name(),
        rule.id(),
        rule.revision(),
        rule.mode().wireName());
  }

  private static List<DecisionEvent.Limit> limits(List<LimitOutcome> outcomes, Check check) {
    if (outcomes.size() == 1) {
      return List.of(limit(outcomes.getFirst(), check));
    }
    List<DecisionEvent.Limit> limits = new ArrayList<>(outcomes.size());
    for (LimitOutcome outcome : outcomes) {
      limits.add(limit(outcome, check));
    }
    return limits;
  }

  private static DecisionEvent.Limit limit(LimitOutcome outcome, Check check) {
    Rule rule = outcome.rule();
    return new DecisionEvent.Limit(
        rule.name(),
        rule.id(),
        rule.tenant(),
        rule.limitKey(),
        rule.revision(),
        rule.policy().algorithm().wireName(),
        rule.policy().limit(),
        WireValues.burst(rule.policy()),
        rule.policy().windowSeconds(),
        rule.mode().wireName(),
        rule.shared(),
        counter(rule, check),
        outcome instanceof LimitOutcome.Evaluated evaluated ? verdict(evaluated) : null,
        terms(rule, check));
  }

  private static DecisionEvent.Terms terms(Rule rule, Check check) {
    Spending spending = rule.spending();
    return spending.plain()
        ? DecisionEvent.Terms.PLAIN
        : new DecisionEvent.Terms(
            rule.reserved(check.priority()), spending.maxWaitMillis(), spending.overdraft());
  }

  private static DecisionEvent.Verdict verdict(LimitOutcome.Evaluated evaluated) {
    return new DecisionEvent.Verdict(
        evaluated.remaining(),
        Objects.requireNonNull(WireValues.resetAtMillis(evaluated)),
        evaluated.allowed(),
        evaluated.atMicros(),
        evaluated.rebased(),
        evaluated.charged());
  }

  private static AdjustmentEvent.Limit adjusted(Adjustment.Limit limit, Check check) {
    Rule rule = limit.rule();
    return new AdjustmentEvent.Limit(
        rule.name(),
        rule.id(),
        rule.tenant(),
        rule.limitKey(),
        rule.revision(),
        rule.policy().algorithm().wireName(),
        rule.policy().limit(),
        WireValues.burst(rule.policy()),
        rule.policy().windowSeconds(),
        rule.shared(),
        counter(rule, check),
        limit.atMicros(),
        limit.rebased(),
        limit.givenBack(),
        limit.taken(),
        limit.uncharged());
  }
}
