package io.ratelimiter.service.api.mvc;

import io.opentelemetry.context.Context;
import io.ratelimiter.service.api.BlockingHandler;
import io.ratelimiter.service.api.http.AnswerStream;
import io.ratelimiter.service.api.http.CompleteRequest;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadFactory;
import org.apache.coyote.Adapter;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;

/**
 * Spring MVC in Tomcat, with a virtual thread for each request, on which controllers may block and
 * write streams.
 */
final class MvcServer implements BlockingHandler {

  /** A request takes about 50 KB with its buffers and thread; these paths are rarely called. */
  private static final int MAX_REQUESTS = 256;

  private final ThreadFactory threads = Thread.ofVirtual().name("http-", 1).factory();
  private final Semaphore free = new Semaphore(MAX_REQUESTS);
  private volatile @Nullable InProcessProtocol protocol;

  /** Sets the protocol of the servlet container, which accepts requests once it has started. */
  void connect(InProcessProtocol made) {
    protocol = made;
  }

  @Override
  public boolean accept(CompleteRequest request, AnswerStream answer) {
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
