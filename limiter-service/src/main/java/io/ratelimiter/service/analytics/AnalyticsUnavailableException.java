package io.ratelimiter.service.analytics;

/** The auditor's tables can't be read now, or are not there. */
public final class AnalyticsUnavailableException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  AnalyticsUnavailableException(String message, Throwable cause) {
    super(message, cause);
  }
}
