package io.ratelimiter.service.rules;

import org.jspecify.annotations.Nullable;

/** A rule set that cannot be in force; the message names the rule and the fault. */
public final class InvalidRuleSetException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  public InvalidRuleSetException(String message) {
    super(message);
  }

  public InvalidRuleSetException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
