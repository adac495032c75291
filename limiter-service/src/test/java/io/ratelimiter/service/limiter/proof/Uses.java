package io.ratelimiter.service.limiter.proof;

import io.ratelimiter.schemas.AdjustmentEvent;
import io.ratelimiter.schemas.DecisionEvent;
import io.ratelimiter.service.rules.Algorithm;
import io.ratelimiter.service.rules.Policy;
import io.ratelimiter.service.rules.Spending;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Reads uses from events. */
final class Uses {

  private Uses() {}

  /** A check by the store, or from a cached block. */
  static Use of(DecisionEvent event, DecisionEvent.Limit limit, DecisionEvent.Verdict verdict) {
    Use.Kind stored = verdict.charged() ? Use.Kind.CHARGED : Use.Kind.EVALUATED;
    return new Use(
        event.source().equals("cache") ? Use.Kind.CACHED : stored,
        verdict.atMicros(),
        event.decidedAtMicros(),
        policy(limit),
        Terms.of(event, limit),
        limit.mode().equals("enforce"),
        event.cost(),
        verdict.allowed(),
        verdict.remaining(),
        null,
        event.decisionId());
  }

  /**
   * An adjustment.
   *
   * @param decision that it settles, or null
   */
  static Use of(
      AdjustmentEvent event, AdjustmentEvent.Limit limit, @Nullable DecisionEvent decision) {
    AdjustmentEvent.Settled settled = event.settled();
    Use.Kind other = event.kind().equals("reset") ? Use.Kind.RESET : Use.Kind.REFUNDED;
    return new Use(
        settled != null ? Use.Kind.SETTLED : other,
        limit.atMicros(),
        event.decidedAtMicros(),
        policy(limit.algorithm(), limit.limit(), limit.windowSeconds(), limit.burst()),
        decision == null ? Terms.of(Spending.PLAIN) : Terms.settled(decision, limit.ruleId()),
        true,
        event.cost(),
        true,
        limit.givenBack(),
        settled == null
            ? null
            : new Use.Settled(
                settled.decisionId(), settled.estimate(), limit.taken(), limit.uncharged()),
        event.adjustmentId());
  }

  /** Refunds and resets are of the rule as it was at the check before: their events lack terms. */
  static void addTerms(List<Use> inOrder) {
    Spending spending = Spending.PLAIN;
    for (int i = 0; i < inOrder.size(); i++) {
      Use use = inOrder.get(i);
      if (use.adjusted() && use.settled() == null) {
        inOrder.set(i, use.with(Terms.of(spending)));
      } else {
        spending = use.terms().spending();
      }
    }
  }

  /** The policy of a limit. */
  static Policy policy(DecisionEvent.Limit limit) {
    return policy(limit.algorithm(), limit.limit(), limit.windowSeconds(), limit.burst());
  }

  private static Policy policy(String algorithm, long limit, long window, @Nullable Long burst) {
    return Policy.of(
        Algorithm.named(algorithm).orElseThrow(),
        limit,
        window,
        burst == null ? OptionalLong.empty() : OptionalLong.of(burst));
  }
}
