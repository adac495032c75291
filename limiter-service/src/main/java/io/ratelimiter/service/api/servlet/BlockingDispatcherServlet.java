package io.ratelimiter.service.api.servlet;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.context.Context;
import io.ratelimiter.service.api.AdminToken;
import io.ratelimiter.service.api.CorrelationIds;
import io.ratelimiter.service.api.Exchange;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.ThreadFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;
import org.springframework.web.servlet.DispatcherServlet;

/**
 * Spring MVC on a virtual thread per request, so that what blocks never takes one of the
 * container's few threads from the check path. Controllers simply block, and write streams from
 * their own thread; Spring's asynchronous return values are not offered.
 */
final class BlockingDispatcherServlet extends DispatcherServlet {

  private static final Logger log = LoggerFactory.getLogger(BlockingDispatcherServlet.class);

  /** What needs the admin token. */
  private static final List<String> GUARDED = List.of("/v1/admin/", "/v1/console/");

  private final transient ThreadFactory threads = Thread.ofVirtual().name("http-", 1).factory();
  private final transient ServletEdge edge;
  private final transient AdminToken token;
  private final transient ProblemAdvice problems;

  BlockingDispatcherServlet(ServletEdge edge, AdminToken token, ProblemAdvice problems) {
    this.edge = edge;
    this.token = token;
    this.problems = problems;
  }

  @Override
  protected void service(HttpServletRequest request, HttpServletResponse response)
      throws IOException, jakarta.servlet.ServletException {
    if (request.getDispatcherType() != DispatcherType.REQUEST) {
      super.service(request, response);
      return;
    }
    AsyncContext async = request.startAsync(request, response);
    async.setTimeout(0);
    Runnable serving = Context.current().wrap(() -> serve(async, request, response));
    Thread thread = threads.newThread(serving);
    async.addListener(new ServingThread(thread));
    thread.start();
  }

  private void serve(AsyncContext async, HttpServletRequest request, HttpServletResponse response) {
    String correlationId = Correlation.begin(request, edge.correlationIds());
    Span.current().setAttribute(Exchange.CORRELATION_ID, correlationId);
    try (MDC.MDCCloseable _ = MDC.putCloseable("correlation_id", correlationId)) {
      response.setHeader(CorrelationIds.HEADER, correlationId);
      if (edge.drain().active()) {
        response.setHeader("Connection", "close");
      }
      dispatch(request, response);
      // Here and not in the container's thread, which must not wait for a caller who does not read.
      close(response);
    } catch (IOException e) {
      log.debug("The caller went away before the answer", e);
    } finally {
      complete(async);
    }
  }

  private static void complete(AsyncContext async) {
    try {
      async.complete();
    } catch (IllegalStateException e) {
      log.debug("The container saw the caller go away, and has completed it already", e);
    }
  }

  private void dispatch(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    try (BufferedRequest buffered = new BufferedRequest(request, edge.largeBodies())) {
      // The body first: a caller who is cut off while sending never sees why.
      buffered.read(response);
      admit(request);
      super.service(buffered, response);
    } catch (IOException e) {
      throw e;
    } catch (Exception e) {
      problems.handle(e, request, response);
    }
  }

  /** By the path as the container reads it: decoded, normalized, without path parameters. */
  private void admit(HttpServletRequest request) {
    String path = request.getServletPath();
    if (GUARDED.stream().anyMatch(path::startsWith)) {
      token.admit(new ServletHead(request));
    }
  }

  private static void close(HttpServletResponse response) throws IOException {
    try {
      response.getOutputStream().close();
    } catch (IllegalStateException _) {
      response.getWriter().close();
    }
  }
}
