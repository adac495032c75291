package io.ratelimiter.service.api.servlet;

import jakarta.servlet.ServletRequest;
import java.io.IOException;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ValveBase;
import org.apache.coyote.ActionCode;

/**
 * Lets a request be answered before its body has come. Tomcat reads the rest of a body after the
 * answer, so that the connection can be used again: for a caller who sends slowly that blocks one
 * of few threads, and with a chunked body and a read listener it even spins. Here the connection is
 * closed instead.
 */
final class UnreadBodies extends ValveBase {

  private static final String ATTRIBUTE = UnreadBodies.class.getName();

  UnreadBodies() {
    super(true);
  }

  @Override
  public void invoke(Request request, Response response)
      throws IOException, jakarta.servlet.ServletException {
    request.setAttribute(ATTRIBUTE, request);
    getNext().invoke(request, response);
  }

  /** Reads no more of the body; the answer closes the connection. Before anything is written. */
  static void abandon(ServletRequest request) {
    if (request.getAttribute(ATTRIBUTE) instanceof Request known) {
      known.getCoyoteRequest().action(ActionCode.DISABLE_SWALLOW_INPUT, null);
    }
  }
}
