package io.ratelimiter.service.rules.live;

/** The place where rules are kept does not answer; it may later. */
public final class RulesUnavailableException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  public RulesUnavailableException(String message, Throwable cause) {
    super(message, cause);
  }
}
