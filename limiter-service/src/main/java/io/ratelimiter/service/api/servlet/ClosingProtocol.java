package io.ratelimiter.service.api.servlet;

import java.io.IOException;
import org.apache.coyote.http11.Http11NioProtocol;

/**
 * HTTP/1.1 on a {@link ClosingEndpoint}. Public, and made by Tomcat, which knows it by name only.
 */
public final class ClosingProtocol extends Http11NioProtocol {

  private final ClosingEndpoint endpoint;

  /** As Tomcat makes it. */
  public ClosingProtocol() {
    this(new ClosingEndpoint());
  }

  private ClosingProtocol(ClosingEndpoint endpoint) {
    super(endpoint);
    this.endpoint = endpoint;
  }

  /** See {@link ClosingEndpoint#closePort}. */
  void closePort(long limitMillis) throws IOException, InterruptedException {
    endpoint.closePort(limitMillis);
  }
}
