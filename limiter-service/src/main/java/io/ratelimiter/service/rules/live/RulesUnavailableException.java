package io.ratelimiter.service.rules.live;

/** The source of the rules cannot be read now; it may be later. */
public final class RulesUnavailableException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  public RulesUnavailableException(String message, Throwable cause) {
    super(message, cause);
  }
}
