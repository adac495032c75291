package io.ratelimiter.service.api.servlet;

import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.function.Consumer;
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

  /** Reads no more of the body: the answer, not yet begun, says that it is the last. */
  static void abandonBody(HttpServletRequest request, HttpServletResponse response) {
    response.setHeader("Connection", "close");
    atCompletion(request, known -> known.action(ActionCode.DISABLE_SWALLOW_INPUT, null));
  }

  /** Closes, whatever of the answer is not sent. */
  static void cut(HttpServletRequest request) {
    IOException reason = new IOException("the caller does not read");
    atCompletion(request, known -> known.action(ActionCode.CLOSE_NOW, reason));
  }

  /**
   * Not at once: Tomcat leaves an exchange that is in error where it is, counts it as running for
   * ever, and an orderly stop waits for it in vain.
   */
  private static void atCompletion(
      HttpServletRequest request, Consumer<org.apache.coyote.Request> ending) {
    if (request.getAttribute(ATTRIBUTE) instanceof Request known) {
      request
          .getAsyncContext()
          .addListener(new AtCompletion(() -> ending.accept(known.getCoyoteRequest())));
    }
  }

  private record AtCompletion(Runnable ending) implements AsyncListener {

    @Override
    public void onComplete(AsyncEvent event) {
      ending.run();
    }

    @Override
    public void onTimeout(AsyncEvent event) {
      // The exchange has a listener of its own for that.
    }

    @Override
    public void onError(AsyncEvent event) {
      // The connection is closed already.
    }

    @Override
    public void onStartAsync(AsyncEvent event) {
      // Nothing starts it again.
    }
  }
}
