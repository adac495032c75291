package io.ratelimiter.service.limiter;

import io.ratelimiter.service.rules.Match;
import java.util.concurrent.CompletionStage;

/** Decides checks. */
public interface Limiter {

  /**
   * Decides the check against all limits of the match at once: if an enforcing one blocks, none is
   * charged. Never blocks its caller; completes on the store's event loop or a timer. A limiter
   * that needs the store completes exceptionally with {@link StoreUnavailableException} when the
   * store does not answer; the complete chain of limiters never does.
   */
  CompletionStage<Decision> check(Check check, Match match);
}
