package io.ratelimiter.service.limiter;

/** What the circuit breaker in front of the store is doing; reading it never blocks. */
public interface BreakerStatus {

  /** The three states. */
  enum State {
    CLOSED("closed"),
    HALF_OPEN("half_open"),
    OPEN("open");

    private final String wireName;

    State(String wireName) {
      this.wireName = wireName;
    }

    /** The name in JSON. */
    public String wireName() {
      return wireName;
    }
  }

  /** The state now. */
  State state();

  /** Failures among the last five calls; five in a row open the breaker. */
  int failureCount();

  /** Until the breaker tries the store by itself, rounded up; 0 unless open. */
  long timeUntilRetrySeconds();

  /** Whether the store answered the last time that it was asked. */
  boolean redisAvailable();
}
