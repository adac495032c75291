package io.ratelimiter.service.api.mvc;

import jakarta.servlet.http.HttpServletRequest;

/** The correlation id of a request in Spring MVC; the front door has assigned it. */
public final class Correlation {

  static final String ATTRIBUTE = "io.ratelimiter.correlation_id";

  private Correlation() {}

  /** The request's id, as in the answer's header. */
  public static String of(HttpServletRequest request) {
    return (String) request.getAttribute(ATTRIBUTE);
  }
}
