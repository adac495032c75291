package io.ratelimiter.service.analytics;

/** The auditor's tables cannot be read, or do not exist. */
public final class AnalyticsUnavailableException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  AnalyticsUnavailableException(String message, Throwable cause) {
    super(message, cause);
  }
}
