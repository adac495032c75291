package io.ratelimiter.service.limiter.resilience;

/** The state of the circuit breaker in front of the store; reading it never blocks. */
public interface BreakerStatus {

  enum State {
    CLOSED("closed"),
    HALF_OPEN("half_open"),
    OPEN("open");

    private final String wireName;

    State(String wireName) {
      this.wireName = wireName;
    }

    public String wireName() {
      return wireName;
    }
  }

  /** The current state. */
  State state();

  /** Failures among the last five calls; five consecutive ones open the breaker. */
  int failureCount();

  /** Time until the breaker tries the store by itself, rounded up; 0 unless open. */
  long timeUntilRetrySeconds();

  /** Whether the store is connected and the breaker is closed. */
  boolean redisAvailable();
}
