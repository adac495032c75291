package io.ratelimiter.service.limiter;

import org.jspecify.annotations.Nullable;

/** The store did not give a verdict; whether the command ran is unknown after a timeout. */
public final class StoreUnavailableException extends RuntimeException {

  private final DegradedReason reason;

  public StoreUnavailableException(
      DegradedReason reason, @Nullable String message, @Nullable Throwable cause) {
    // Thrown once per check while the store is away: the stack says nothing and costs microseconds.
    super(message, cause, false, false);
    this.reason = reason;
  }

  /** What was wrong. */
  public DegradedReason reason() {
    return reason;
  }
}
