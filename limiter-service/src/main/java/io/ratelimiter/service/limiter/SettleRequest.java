package io.ratelimiter.service.limiter;

/**
 * The real cost of a decision.
 *
 * @param tenant of the check
 * @param clientId of the check
 * @param decisionId of the decision
 * @param cost units, 0…{@value Check#MAX_COST}
 */
public record SettleRequest(String tenant, String clientId, String decisionId, long cost) {

  /** A check of the client that takes nothing; its limit key has no meaning. */
  public Check clientCheck() {
    return new Check(tenant, clientId, "-", 0);
  }
}
