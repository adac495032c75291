package io.ratelimiter.service.api.servlet;

import jakarta.servlet.ServletRequest;
import java.io.IOException;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ValveBase;
import org.apache.coyote.ActionCode;

/**
 * Lets a servlet end a connection, which the servlet API has no word for.
 *
 * <p>Tomcat reads the rest of a body after the answer, and sends the rest of an answer when the
 * exchange is complete, both by waiting for the caller in one of few threads; with a chunked body
 * and a read listener it even spins. So a caller who is too slow is cut off instead.
 */
final class Connections extends ValveBase {

  private static final String ATTRIBUTE = Connections.class.getName();

  Connections() {
    super(true);
  }

  @Override
  public void invoke(Request request, Response response)
      throws IOException, jakarta.servlet.ServletException {
    request.setAttribute(ATTRIBUTE, request);
    getNext().invoke(request, response);
  }

  /** Reads no more of the body; the answer, not yet begun, will close the connection. */
  static void abandonBody(ServletRequest request) {
    if (request.getAttribute(ATTRIBUTE) instanceof Request known) {
      known.getCoyoteRequest().action(ActionCode.DISABLE_SWALLOW_INPUT, null);
    }
  }

  /** Closes at once, whatever of the answer is not sent. */
  static void cut(ServletRequest request) {
    if (request.getAttribute(ATTRIBUTE) instanceof Request known) {
      known
          .getCoyoteRequest()
          .action(ActionCode.CLOSE_NOW, new IOException("the caller does not read"));
    }
  }
}
