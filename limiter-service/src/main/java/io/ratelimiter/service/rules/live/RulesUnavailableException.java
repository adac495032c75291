package io.ratelimiter.service.rules.live;

import io.ratelimiter.runtime.Faults;

/** The source of the rules cannot be read now; it may be later. */
public final class RulesUnavailableException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  RulesUnavailableException(String message, Throwable cause) {
    super(message, cause);
  }

  /** With the message of the root cause, in one line. */
  public RulesUnavailableException(Throwable cause) {
    this(Faults.inOneLine(cause), cause);
  }
}
