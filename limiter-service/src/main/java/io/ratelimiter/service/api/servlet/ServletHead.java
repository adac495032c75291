package io.ratelimiter.service.api.servlet;

import io.ratelimiter.service.api.Peer;
import io.ratelimiter.service.api.RequestHead;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Enumeration;
import org.jspecify.annotations.Nullable;

/** The head of a servlet's request. */
record ServletHead(HttpServletRequest request) implements RequestHead {

  @Override
  public String method() {
    return request.getMethod();
  }

  @Override
  public String path() {
    return request.getRequestURI();
  }

  @Override
  public @Nullable String query() {
    return request.getQueryString();
  }

  @Override
  public @Nullable String header(String name) {
    return request.getHeader(name);
  }

  @Override
  public Peer peer() {
    @Nullable String forwardedFor = null;
    // A proxy appends its line to those that it received.
    Enumeration<String> lines = request.getHeaders("X-Forwarded-For");
    while (lines.hasMoreElements()) {
      forwardedFor = lines.nextElement();
    }
    return Peer.of(request.getRemoteAddr(), forwardedFor);
  }
}
