package io.ratelimiter.service.rules.definition;

/** What was written cannot be a rule; the message names the field and the fault. */
public final class InvalidRuleException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  public InvalidRuleException(String message) {
    super(message);
  }

  public InvalidRuleException(String message, Throwable cause) {
    super(message, cause);
  }
}
