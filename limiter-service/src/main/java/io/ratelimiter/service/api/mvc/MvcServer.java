package io.ratelimiter.service.api.mvc;

import io.opentelemetry.context.Context;
import io.ratelimiter.service.api.AnswerStream;
import io.ratelimiter.service.api.CompleteRequest;
import io.ratelimiter.service.api.HandOver;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadFactory;
import org.apache.coyote.Adapter;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;

/**
 * Spring MVC in Tomcat, on a virtual thread for each request: controllers simply block, and write
 * streams from their own thread.
 */
final class MvcServer implements HandOver {

  /** A request, its buffers and its thread hold some 50 KB; none of these paths is called often. */
  private static final int MAX_REQUESTS = 256;

  private final ThreadFactory threads = Thread.ofVirtual().name("http-", 1).factory();
  private final Semaphore free = new Semaphore(MAX_REQUESTS);
  private volatile @Nullable InProcessProtocol protocol;

  /** Passes requests to the servlet container of this protocol, once that has started. */
  void connect(InProcessProtocol made) {
    protocol = made;
  }

  @Override
  public boolean take(CompleteRequest request, AnswerStream answer) {
    InProcessProtocol connected = protocol;
    Adapter adapter = connected == null ? null : connected.getAdapter();
    if (adapter == null || !free.tryAcquire()) {
      return false;
    }
    InProcessExchange exchange = new InProcessExchange(adapter, request, answer);
    threads.newThread(Context.current().wrap(() -> run(exchange, request))).start();
    return true;
  }

  private void run(InProcessExchange exchange, CompleteRequest request) {
    try (MDC.MDCCloseable _ = MDC.putCloseable("correlation_id", request.correlationId())) {
      exchange.run();
    } finally {
      free.release();
    }
  }
}
