package io.ratelimiter.service.limiter;

import io.ratelimiter.service.rules.Match;
import java.util.concurrent.CompletionStage;

/** Decides checks while the store does not answer. */
public interface FallbackLimiter {

  /**
   * Decides without the store.
   *
   * @param reason why the store does not decide
   */
  CompletionStage<Decision> check(Check check, Match match, DegradedReason reason);
}
