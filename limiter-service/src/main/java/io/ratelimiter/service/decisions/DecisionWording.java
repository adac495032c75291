package io.ratelimiter.service.decisions;

import io.ratelimiter.schemas.AdjustmentEvent;
import io.ratelimiter.schemas.DecisionEvent;
import io.ratelimiter.schemas.SeriesPosition;
import io.ratelimiter.service.limiter.Adjustment;
import io.ratelimiter.service.limiter.Decision;
import io.ratelimiter.service.limiter.LimitOutcome;
import io.ratelimiter.service.rules.Policy;
import io.ratelimiter.service.rules.Rule;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Puts what was decided into the topic's words. */
final class DecisionWording {

  private static final String NO_RULE = "no_rule";
  private static final String STORE_UNAVAILABLE = "store_unavailable";
  private static final long MICROS_PER_MILLI = 1_000;

  private DecisionWording() {}

  static DecisionEvent decision(MadeDecision made, SeriesPosition position) {
    Decision decision = made.decision();
    LimitOutcome top = decision.top();
    var degraded = decision.degradedReason();
    return new DecisionEvent(
        made.decisionId(),
        position,
        made.correlationId(),
        made.check().tenant(),
        made.check().clientId(),
        made.check().limitKey(),
        made.check().cost(),
        decision instanceof Decision.Allowed,
        reason(decision, top),
        top == null ? null : top(top, decision),
        retryAfterMillis(decision),
        decision.source().wireName(),
        degraded != null,
        degraded == null ? null : degraded.wireName(),
        decision.decidedAtMicros(),
        made.latencyMicros(),
        limits(decision.limits()));
  }

  static AdjustmentEvent adjustment(MadeAdjustment made, SeriesPosition position) {
    List<AdjustmentEvent.Limit> limits = new ArrayList<>(made.adjustment().limits().size());
    for (Adjustment.Limit limit : made.adjustment().limits()) {
      limits.add(adjusted(limit));
    }
    return new AdjustmentEvent(
        made.adjustmentId(),
        made.kind().wireName(),
        position,
        made.correlationId(),
        made.check().tenant(),
        made.check().clientId(),
        made.check().limitKey(),
        made.check().cost(),
        made.refundId(),
        made.adjustment().decidedAtMicros(),
        limits);
  }

  private static @Nullable String reason(Decision decision, @Nullable LimitOutcome top) {
    return switch (decision) {
      case Decision.Allowed _ -> top == null ? NO_RULE : null;
      case Decision.Blocked blocked -> blocked.reason().wireName();
      case Decision.FailedClosed _ -> STORE_UNAVAILABLE;
    };
  }

  /** As the HTTP answer: rounded up, absent where no time would do. */
  private static @Nullable Long retryAfterMillis(Decision decision) {
    return switch (decision) {
      case Decision.Allowed _ -> null;
      case Decision.Blocked blocked ->
          blocked.retryAfterMicros() == LimitOutcome.Evaluated.NEVER
              ? null
              : roundedUpMillis(blocked.retryAfterMicros());
      case Decision.FailedClosed closed -> roundedUpMillis(closed.retryAfterMicros());
    };
  }

  private static Long roundedUpMillis(long micros) {
    return Math.ceilDiv(micros, MICROS_PER_MILLI);
  }

  private static DecisionEvent.Top top(LimitOutcome top, Decision decision) {
    Rule rule = top.rule();
    return new DecisionEvent.Top(
        switch (top) {
          case LimitOutcome.Evaluated judged -> judged.remaining();
          case LimitOutcome.NotEvaluated _ ->
              decision instanceof Decision.Allowed ? rule.policy().limit() : 0;
        },
        rule.policy().limit(),
        rule.policy().windowSeconds(),
        top instanceof LimitOutcome.Evaluated judged ? resetAtMillis(judged) : null,
        rule.policy().algorithm().wireName(),
        rule.name(),
        rule.id(),
        rule.revision(),
        rule.mode().wireName());
  }

  private static List<DecisionEvent.Limit> limits(List<LimitOutcome> outcomes) {
    if (outcomes.size() == 1) {
      return List.of(limit(outcomes.getFirst()));
    }
    List<DecisionEvent.Limit> limits = new ArrayList<>(outcomes.size());
    for (LimitOutcome outcome : outcomes) {
      limits.add(limit(outcome));
    }
    return limits;
  }

  private static DecisionEvent.Limit limit(LimitOutcome outcome) {
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
        outcome instanceof LimitOutcome.Evaluated judged ? verdict(judged) : null);
  }

  private static DecisionEvent.Verdict verdict(LimitOutcome.Evaluated judged) {
    return new DecisionEvent.Verdict(
        judged.remaining(),
        resetAtMillis(judged),
        judged.allowed(),
        judged.atMicros(),
        judged.rebased(),
        judged.charged());
  }

  /** As the HTTP answer: rounded up, so that at that time all of it is back. */
  private static long resetAtMillis(LimitOutcome.Evaluated judged) {
    return Math.ceilDiv(judged.resetAtMicros(), MICROS_PER_MILLI);
  }

  private static AdjustmentEvent.Limit adjusted(Adjustment.Limit limit) {
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
        limit.atMicros(),
        limit.rebased(),
        limit.givenBack());
  }

  private static @Nullable Long burst(Policy policy) {
    return policy instanceof Policy.TokenBucket bucket ? bucket.burst() : null;
  }
}
