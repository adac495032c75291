package io.ratelimiter.service.limiter;

/**
 * What a decision really cost.
 *
 * @param tenant of the check
 * @param clientId of the check
 * @param decisionId of the decision
 * @param cost units, 0…{@value Check#MAX_COST}
 */
public record SettleRequest(String tenant, String clientId, String decisionId, long cost) {}
