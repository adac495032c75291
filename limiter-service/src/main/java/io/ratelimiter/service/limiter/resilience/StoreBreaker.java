package io.ratelimiter.service.limiter.resilience;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig.SlidingWindowSynchronizationStrategy;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig.SlidingWindowType;
import io.ratelimiter.service.limiter.Pipelining;
import io.ratelimiter.service.limiter.StoreUnavailableException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The circuit breaker in front of the store: five consecutive failures open it for 60 s. */
public final class StoreBreaker implements BreakerStatus {

  private static final Logger log = LoggerFactory.getLogger(StoreBreaker.class);
  private static final int CONSECUTIVE_FAILURES = 5;
  private static final Duration OPEN = Duration.ofSeconds(60);

  private final CircuitBreaker breaker;
  private final BooleanSupplier connected;
  private final InstantSource clock;
  private final AtomicReference<CircuitBreaker.State> logged =
      new AtomicReference<>(CircuitBreaker.State.CLOSED);
  private final ScopedValue<BatchPermit> batch = ScopedValue.newInstance();

  /** Stateless and shared, so that a check allocates no permit. */
  private final Permit single = new SinglePermit();

  private volatile Instant retryAt = Instant.MIN;

  /**
   * A closed breaker.
   *
   * @param connected whether there is a connection to the store
   */
  public StoreBreaker(BooleanSupplier connected, InstantSource clock) {
    this.connected = connected;
    this.clock = clock;
    this.breaker = CircuitBreaker.of("store", config());
  }

  private static CircuitBreakerConfig config() {
    return CircuitBreakerConfig.custom()
        .slidingWindow(
            CONSECUTIVE_FAILURES,
            CONSECUTIVE_FAILURES,
            SlidingWindowType.COUNT_BASED,
            SlidingWindowSynchronizationStrategy.LOCK_FREE)
        .failureRateThreshold(100)
        // A slow answer is a timeout, which is a failure already.
        .slowCallDurationThreshold(Duration.ofDays(1))
        .waitDurationInOpenState(OPEN)
        .permittedNumberOfCallsInHalfOpenState(1)
        .build();
  }

  /**
   * Permission for one call of the store. It must be released by exactly one of its methods, called
   * exactly once and also when the call throws: a half-open breaker waits for it.
   */
  interface Permit {

    /** The store answered. */
    void onSuccess();

    /** The call failed in a way that does not show whether the store is available. */
    void onIgnore();

    /** The store did not answer. */
    void onDropped(StoreUnavailableException failure);
  }

  private final class SinglePermit implements Permit {

    // The durations are not needed: a slow answer is a timeout, which is a failure.

    @Override
    public void onSuccess() {
      breaker.onSuccess(0, TimeUnit.NANOSECONDS);
      logStateChange();
    }

    @Override
    public void onIgnore() {
      breaker.releasePermission();
      logStateChange();
    }

    @Override
    public void onDropped(StoreUnavailableException failure) {
      breaker.onError(0, TimeUnit.NANOSECONDS, failure);
      logStateChange();
    }
  }

  /** A permit for a call of the store now, which must be released; null when none is available. */
  @Nullable Permit tryAcquire() {
    return batch.isBound() ? batch.get().tryAcquire() : tryAcquireSingle();
  }

  private @Nullable Permit tryAcquireSingle() {
    boolean permitted = breaker.tryAcquirePermission();
    logStateChange();
    return permitted ? single : null;
  }

  /** Pipelines as the wrapped store does; all checks of one pipeline share one permit. */
  public Pipelining asOneCall(Pipelining pipelining) {
    return checks -> {
      BatchPermit permit = new BatchPermit(this::tryAcquireSingle);
      try {
        ScopedValue.where(batch, permit).run(() -> pipelining.pipeline(checks));
      } finally {
        permit.allSent();
      }
    };
  }

  /**
   * Logs each change of state once. It is not a consumer of the breaker's events, since one of any
   * kind makes the breaker allocate an event with a date for every call.
   */
  private void logStateChange() {
    CircuitBreaker.State before = logged.get();
    CircuitBreaker.State now = breaker.getState();
    if (now != before && logged.compareAndSet(before, now)) {
      logChangeTo(now);
    }
  }

  private void logChangeTo(CircuitBreaker.State state) {
    if (state == CircuitBreaker.State.OPEN) {
      retryAt = clock.instant().plus(OPEN);
      log.warn("The store does not answer: the circuit breaker is open, fail modes apply");
    } else if (state == CircuitBreaker.State.CLOSED) {
      log.info("The store answers again: the circuit breaker is closed");
    }
  }

  /** Permits one check before the open time is over; does nothing unless open. */
  void halfOpen() {
    if (breaker.getState() == CircuitBreaker.State.OPEN) {
      breaker.transitionToHalfOpenState();
      logStateChange();
    }
  }

  @Override
  public State state() {
    return switch (breaker.getState()) {
      case OPEN, FORCED_OPEN -> State.OPEN;
      case HALF_OPEN -> State.HALF_OPEN;
      case CLOSED, DISABLED, METRICS_ONLY -> State.CLOSED;
    };
  }

  @Override
  public int failureCount() {
    return breaker.getMetrics().getNumberOfFailedCalls();
  }

  @Override
  public long timeUntilRetrySeconds() {
    if (state() != State.OPEN) {
      return 0;
    }
    Duration left = Duration.between(clock.instant(), retryAt);
    return Math.max(0, Math.ceilDiv(left.toMillis(), 1_000L));
  }

  @Override
  public boolean redisAvailable() {
    return connected.getAsBoolean() && state() == State.CLOSED;
  }

  @Override
  public String toString() {
    return CONSECUTIVE_FAILURES + " consecutive failures open it for " + OPEN.toSeconds() + " s";
  }
}
