package io.ratelimiter.service.decisions;

import io.ratelimiter.service.limiter.Check;
import io.ratelimiter.service.limiter.Decision;

/**
 * A decision and what it answered.
 *
 * @param decisionId unique
 * @param correlationId as answered to the caller
 * @param check what was asked; a check of cost 0 only looks and is never told
 * @param latencyMicros from the request read to the decision made
 */
public record MadeDecision(
    String decisionId, String correlationId, Check check, Decision decision, long latencyMicros) {

  public MadeDecision {
    if (check.peek()) {
      throw new IllegalArgumentException("a check of cost 0 is never told");
    }
  }
}
