package io.ratelimiter.service.limiter;

import org.jspecify.annotations.Nullable;

/** The store did not decide; after a timeout it is unknown whether the command ran. */
public final class StoreUnavailableException extends RuntimeException {

  private final DegradedReason reason;

  public StoreUnavailableException(
      DegradedReason reason, @Nullable String message, @Nullable Throwable cause) {
    // Thrown once per check while the store is down: a stack trace has no use and costs
    // microseconds.
    super(message, cause, false, false);
    this.reason = reason;
  }

  /** Why the store did not decide. */
  public DegradedReason reason() {
    return reason;
  }
}
