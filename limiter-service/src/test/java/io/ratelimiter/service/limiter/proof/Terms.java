package io.ratelimiter.service.limiter.proof;

import io.ratelimiter.schemas.DecisionEvent;
import io.ratelimiter.service.rules.Policy;
import io.ratelimiter.service.rules.Spending;

/**
 * What a check may spend of a limit, and when.
 *
 * @param reserve units kept from its priority
 * @param spending max wait and overdraft of the rule; the shares that it reserves are 0
 * @param maxWaitMicros how long it may wait: the lower of its own max and the rule's
 * @param waitMicros time from the decision until it may start
 */
record Terms(long reserve, Spending spending, long maxWaitMicros, long waitMicros) {

  /** The terms of an adjustment. */
  static Terms of(Spending spending) {
    return new Terms(0, spending, 0, 0);
  }

  static Terms of(DecisionEvent event, DecisionEvent.Limit limit) {
    long maxWait = Math.min(event.spending().maxWaitMillis(), limit.terms().maxWaitMillis());
    return new Terms(
        limit.terms().reserve(), spending(limit), maxWait * 1_000, event.spending().waitMicros());
  }

  /** The terms of the decision's limit of this rule, by which it is settled. */
  static Terms settled(DecisionEvent decision, long ruleId) {
    return of(
        decision.limits().stream()
            .filter(limit -> limit.ruleId() == ruleId)
            .findFirst()
            .map(Terms::spending)
            .orElse(Spending.PLAIN));
  }

  private static Spending spending(DecisionEvent.Limit limit) {
    return new Spending(0, 0, limit.terms().maxWaitMillis(), limit.terms().overdraft());
  }

  /** The policy without the units that are kept from the check. */
  Policy effective(Policy policy) {
    return reserve == 0 ? policy : policy.withCapacity(policy.capacity() - reserve);
  }

  /** Max units that a counter of the rule can hold. */
  long ceiling(Policy policy) {
    return spending.ceiling(policy);
  }

  /** Max units that a settlement may fill a counter to. */
  long settledCapacity(Policy policy) {
    return policy.capacity() + spending.overdraft();
  }
}
