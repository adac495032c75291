package io.ratelimiter.service.limiter;

import io.ratelimiter.service.rules.Match;
import java.util.concurrent.CompletionStage;

/** Decides when the store does not. */
public interface FallbackLimiter {

  /**
   * Decides without the store.
   *
   * @param reason what is wrong with the store
   */
  CompletionStage<Decision> check(Check check, Match match, DegradedReason reason);
}
