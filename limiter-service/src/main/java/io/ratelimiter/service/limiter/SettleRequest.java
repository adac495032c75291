package io.ratelimiter.service.limiter;

import io.ratelimiter.service.rules.Rule;
import java.util.function.UnaryOperator;

/**
 * The real cost of a decision.
 *
 * @param tenant of the check
 * @param clientId of the check
 * @param decisionId of the decision
 * @param cost units, 0…{@value Check#MAX_COST}
 * @param inForce the rule that is in force for the counter of a recorded rule: its numbers are
 *     used, or a caller with unsettled decisions would keep the rate of before a change
 */
public record SettleRequest(
    String tenant, String clientId, String decisionId, long cost, UnaryOperator<Rule> inForce) {

  private static final UnaryOperator<Rule> AS_RECORDED = UnaryOperator.identity();

  /** A settlement by the rules as they were. */
  public SettleRequest(String tenant, String clientId, String decisionId, long cost) {
    this(tenant, clientId, decisionId, cost, AS_RECORDED);
  }

  /** The same settlement by the rules in force. */
  public SettleRequest under(UnaryOperator<Rule> rules) {
    return new SettleRequest(tenant, clientId, decisionId, cost, rules);
  }

  /** A check of the client that takes nothing; its limit key has no meaning. */
  public Check clientCheck() {
    return new Check(tenant, clientId, "-", 0);
  }
}
