package io.ratelimiter.service.limiter;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig.SlidingWindowSynchronizationStrategy;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig.SlidingWindowType;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The circuit breaker in front of the store: five failures in a row open it for 60 s. */
public final class StoreBreaker implements BreakerStatus {

  private static final Logger log = LoggerFactory.getLogger(StoreBreaker.class);
  private static final int FAILURES_IN_A_ROW = 5;
  private static final Duration OPEN = Duration.ofSeconds(60);

  private final CircuitBreaker breaker;
  private final BooleanSupplier connected;
  private final InstantSource clock;
  private final AtomicReference<CircuitBreaker.State> told =
      new AtomicReference<>(CircuitBreaker.State.CLOSED);
  private final ScopedValue<BatchCall> batch = ScopedValue.newInstance();

  /** Stateless, so that a check allocates no object. */
  private final Call single = this::end;

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
            FAILURES_IN_A_ROW,
            FAILURES_IN_A_ROW,
            SlidingWindowType.COUNT_BASED,
            SlidingWindowSynchronizationStrategy.LOCK_FREE)
        .failureRateThreshold(100)
        // A slow answer is a timeout, and that is a failure already.
        .slowCallDurationThreshold(Duration.ofDays(1))
        .waitDurationInOpenState(OPEN)
        .permittedNumberOfCallsInHalfOpenState(1)
        .recordException(StoreUnavailableException.class::isInstance)
        .ignoreException(failure -> !(failure instanceof StoreUnavailableException))
        .build();
  }

  /**
   * A call that the breaker permitted. It must be ended exactly once, also after an exception: a
   * half-open breaker waits for it.
   */
  @FunctionalInterface
  interface Call {

    /**
     * The call has ended.
     *
     * @param failure null when the store answered; anything but a store failure is ignored by the
     *     breaker
     */
    void ended(@Nullable Throwable failure);
  }

  /** Permission for a call of the store now; null when the breaker denies it. */
  @Nullable Call begin() {
    return batch.isBound() ? batch.get().begin() : beginSingle();
  }

  private @Nullable Call beginSingle() {
    boolean admitted = breaker.tryAcquirePermission();
    notice();
    return admitted ? single : null;
  }

  private void end(@Nullable Throwable failure) {
    // The duration is not needed: a slow answer is a timeout, which is a failure.
    if (failure == null) {
      breaker.onSuccess(0, TimeUnit.NANOSECONDS);
    } else {
      breaker.onError(0, TimeUnit.NANOSECONDS, failure);
    }
    notice();
  }

  /** Pipelines as the wrapped store does; all calls made within are one call to the breaker. */
  public Pipelining asOneCall(Pipelining pipelining) {
    return asking -> {
      BatchCall calls = new BatchCall(this::beginSingle);
      try {
        ScopedValue.where(batch, calls).run(() -> pipelining.pipeline(asking));
      } finally {
        calls.allBegun();
      }
    };
  }

  /**
   * Tells a change of state once. A consumer of the breaker's events would be told too, but one of
   * any kind makes it build an event, with a date, for every call.
   */
  private void notice() {
    CircuitBreaker.State before = told.get();
    CircuitBreaker.State now = breaker.getState();
    if (now != before && told.compareAndSet(before, now)) {
      changed(now);
    }
  }

  private void changed(CircuitBreaker.State state) {
    if (state == CircuitBreaker.State.OPEN) {
      retryAt = clock.instant().plus(OPEN);
      log.warn("The store does not answer: the circuit breaker is open, fail modes apply");
    } else if (state == CircuitBreaker.State.CLOSED) {
      log.info("The store answers again: the circuit breaker is closed");
    }
  }

  /** Lets one check try the store, ahead of time; does nothing unless open. */
  void halfOpen() {
    if (breaker.getState() == CircuitBreaker.State.OPEN) {
      breaker.transitionToHalfOpenState();
      notice();
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
}
