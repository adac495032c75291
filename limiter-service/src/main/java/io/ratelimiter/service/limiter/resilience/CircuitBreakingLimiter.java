package io.ratelimiter.service.limiter.resilience;

import io.ratelimiter.service.limiter.Check;
import io.ratelimiter.service.limiter.Decision;
import io.ratelimiter.service.limiter.DegradedReason;
import io.ratelimiter.service.limiter.FallbackLimiter;
import io.ratelimiter.service.limiter.Limiter;
import io.ratelimiter.service.limiter.StageFailure;
import io.ratelimiter.service.limiter.StoreUnavailableException;
import io.ratelimiter.service.rules.Match;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Sends checks to the store through a circuit breaker, and to the fallback when the store does not
 * answer. A check that failed is never sent again: after a timeout the command may still run.
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
    StoreBreaker.Permit permit = breaker.tryAcquire();
    if (permit == null) {
      return fallback.check(check, match, DegradedReason.CIRCUIT_OPEN);
    }
    return send(store, check, match)
        .whenComplete((_, failure) -> release(permit, failure))
        .exceptionallyCompose(
            failure -> decideWithoutStore(check, match, StageFailure.causeOf(failure)));
  }

  /** Sends a check to the store; an exception that it throws becomes a failed stage. */
  static CompletionStage<Decision> send(Limiter store, Check check, Match match) {
    try {
      return store.check(check, match);
    } catch (RuntimeException | Error e) {
      return CompletableFuture.failedStage(e);
    }
  }

  private static void release(StoreBreaker.Permit permit, @Nullable Throwable failure) {
    if (failure == null) {
      permit.onSuccess();
    } else if (StageFailure.causeOf(failure) instanceof StoreUnavailableException unavailable) {
      permit.onDropped(unavailable);
    } else {
      permit.onIgnore();
    }
  }

  private CompletionStage<Decision> decideWithoutStore(
      Check check, Match match, Throwable failure) {
    return failure instanceof StoreUnavailableException unavailable
        ? fallback.check(check, match, unavailable.reason())
        : CompletableFuture.failedStage(failure);
  }

  @Override
  public String toString() {
    return "CircuitBreakingLimiter(" + breaker + ", fallback: " + fallback + ") -> " + store;
  }
}
