package io.ratelimiter.service.rules;

/** What was written cannot be a rule; the message names the field and the fault. */
public final class InvalidRuleException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  InvalidRuleException(String message) {
    super(message);
  }

  InvalidRuleException(String message, Throwable cause) {
    super(message, cause);
  }
}
