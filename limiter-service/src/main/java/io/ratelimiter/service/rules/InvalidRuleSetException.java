package io.ratelimiter.service.rules;

import org.jspecify.annotations.Nullable;

/** Rules that cannot be in force, one of them or all together; the message says which and why. */
public final class InvalidRuleSetException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  public InvalidRuleSetException(String message) {
    super(message);
  }

  public InvalidRuleSetException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
