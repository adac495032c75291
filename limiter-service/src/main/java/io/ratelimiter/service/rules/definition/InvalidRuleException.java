package io.ratelimiter.service.rules.definition;

/** A written rule is invalid; the message names the field and the fault. */
public final class InvalidRuleException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  public InvalidRuleException(String message) {
    super(message);
  }

  public InvalidRuleException(String message, Throwable cause) {
    super(message, cause);
  }
}
