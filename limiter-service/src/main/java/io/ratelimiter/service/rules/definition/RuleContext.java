package io.ratelimiter.service.rules.definition;

import io.ratelimiter.service.rules.Algorithm;
import io.ratelimiter.service.rules.Policy;
import io.ratelimiter.service.rules.Rule;

/**
 * The settings of the service that rules depend on.
 *
 * @param algorithm of rules that name none
 * @param sharedCounters whether the store can charge counters that several clients share
 */
public record RuleContext(Algorithm algorithm, boolean sharedCounters) {

  /** The context with a store that can charge all counters in one step. */
  public static RuleContext of(Algorithm algorithm) {
    return new RuleContext(algorithm, true);
  }

  /**
   * Refuses a rule that the store cannot count.
   *
   * @throws IllegalArgumentException naming the field and the setting
   */
  void check(Rule rule) {
    boolean counted = !(rule.policy() instanceof Policy.Ban);
    if (counted && !sharedCounters && rule.terms().acrossClients()) {
      throw new IllegalArgumentException(
          "by must have client_id: with a Redis cluster, counters of several clients need"
              + " REDIS_PLACEMENT=tenant");
    }
  }
}
