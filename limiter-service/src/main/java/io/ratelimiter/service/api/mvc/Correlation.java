package io.ratelimiter.service.api.mvc;

import jakarta.servlet.http.HttpServletRequest;

/** The correlation id of a request that Spring MVC serves, decided at the front door. */
public final class Correlation {

  static final String ATTRIBUTE = "io.ratelimiter.correlation_id";

  private Correlation() {}

  /** The request's id, as it stands in the answer's header. */
  public static String of(HttpServletRequest request) {
    return (String) request.getAttribute(ATTRIBUTE);
  }
}
