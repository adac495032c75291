package io.ratelimiter.service.limiter;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig.SlidingWindowSynchronizationStrategy;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig.SlidingWindowType;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.BooleanSupplier;
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
    breaker
        .getEventPublisher()
        .onStateTransition(event -> changed(event.getStateTransition().getToState()));
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

  private void changed(CircuitBreaker.State state) {
    if (state == CircuitBreaker.State.OPEN) {
      retryAt = clock.instant().plus(OPEN);
      log.warn("The store does not answer: the circuit breaker is open, fail modes apply");
    } else if (state == CircuitBreaker.State.CLOSED) {
      log.info("The store answers again: the circuit breaker is closed");
    }
  }

  CircuitBreaker breaker() {
    return breaker;
  }

  /** Lets one check try the store, ahead of time; does nothing unless open. */
  void halfOpen() {
    if (breaker.getState() == CircuitBreaker.State.OPEN) {
      breaker.transitionToHalfOpenState();
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
