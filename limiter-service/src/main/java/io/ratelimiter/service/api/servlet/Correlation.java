package io.ratelimiter.service.api.servlet;

import io.ratelimiter.service.api.CorrelationIds;
import jakarta.servlet.http.HttpServletRequest;

/** The correlation id of a request that Spring MVC serves, decided once. */
public final class Correlation {

  private static final String ATTRIBUTE = "io.ratelimiter.correlation_id";

  private Correlation() {}

  /** The request's id, as it stands in the answer's header. */
  public static String of(HttpServletRequest request) {
    return (String) request.getAttribute(ATTRIBUTE);
  }

  static String begin(HttpServletRequest request, CorrelationIds ids) {
    String id = ids.of(request.getHeader(CorrelationIds.HEADER));
    request.setAttribute(ATTRIBUTE, id);
    return id;
  }
}
