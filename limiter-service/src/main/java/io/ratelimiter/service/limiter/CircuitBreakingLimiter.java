package io.ratelimiter.service.limiter;

import io.ratelimiter.service.rules.Match;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

/**
 * Asks the store through a circuit breaker, and the fallback when the store does not answer. A
 * check that failed is never sent again: after a timeout the command may still run.
 */
public final class CircuitBreakingLimiter implements Limiter {

  private final Limiter store;
  private final FallbackLimiter fallback;
  private final StoreBreaker breaker;

  public CircuitBreakingLimiter(Limiter store, FallbackLimiter fallback, StoreBreaker breaker) {
    this.store = store;
    this.fallback = fallback;
    this.breaker = breaker;
  }

  @Override
  public CompletionStage<Decision> check(Check check, Match match) {
    StoreBreaker.Call call = breaker.begin();
    if (call == null) {
      return fallback.check(check, match, DegradedReason.CIRCUIT_OPEN);
    }
    return ask(check, match)
        .whenComplete((_, failure) -> call.ended(failure == null ? null : cause(failure)))
        .exceptionallyCompose(failure -> decideWithout(check, match, cause(failure)));
  }

  /** An exception becomes a failed stage, so that the breaker's call ends. */
  private CompletionStage<Decision> ask(Check check, Match match) {
    try {
      return store.check(check, match);
    } catch (RuntimeException | Error e) {
      return CompletableFuture.failedStage(e);
    }
  }

  private CompletionStage<Decision> decideWithout(Check check, Match match, Throwable failure) {
    return failure instanceof StoreUnavailableException unavailable
        ? fallback.check(check, match, unavailable.reason())
        : CompletableFuture.failedStage(failure);
  }

  private static Throwable cause(Throwable failure) {
    return failure instanceof CompletionException && failure.getCause() != null
        ? failure.getCause()
        : failure;
  }
}
