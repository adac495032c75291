package io.ratelimiter.service.api.servlet;

import io.ratelimiter.service.api.Answer;
import io.ratelimiter.service.api.Exchange;
import io.ratelimiter.service.api.Header;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries one exchange over an asynchronous servlet request. The body mostly comes with the head
 * and is read at once; where it does not, a read listener reads it. The answer is written on the
 * thread that brings it, the store's event loop, and a write listener keeps that thread from
 * waiting for a caller who does not read.
 */
final class ServletExchange implements ReadListener, WriteListener, AsyncListener {

  private static final Logger log = LoggerFactory.getLogger(ServletExchange.class);

  private static final byte[] NOTHING = new byte[0];

  private final Exchange exchange;
  private final ServletEdge edge;
  private final HttpServletRequest request;
  private final HttpServletResponse response;
  private final AsyncContext async;
  private final ServletOutputStream out;
  private final IncomingBody body;

  private final AtomicReference<@Nullable Answer> answer = new AtomicReference<>();
  private final AtomicBoolean writable = new AtomicBoolean();
  private final AtomicBoolean written = new AtomicBoolean();
  private final AtomicBoolean ended = new AtomicBoolean();
  private @Nullable Answer refusal;
  private boolean flushed;
  private volatile boolean counted;

  ServletExchange(
      Exchange exchange, ServletEdge edge, HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    this.exchange = exchange;
    this.edge = edge;
    this.request = request;
    this.response = response;
    this.async = request.startAsync(request, response);
    this.out = response.getOutputStream();
    this.body = new IncomingBody(request, exchange.maxBodyBytes(), edge.largeBodies());
  }

  /** Begins, on the container's thread. */
  void start() throws IOException {
    // For the body to come and the answer to go. The store has a shorter bound of its own.
    async.setTimeout(edge.timeout().toMillis());
    async.addListener(this);
    // Set here and not when there is something to write: from another thread that costs a
    // hand-over.
    out.setWriteListener(this);
    refusal = exchange.refusal();
    if (refusal != null || exchange.ignoresBody()) {
      body.discard();
    }
    if (body.readAtHand()) {
      bodyEnded();
    } else {
      request.getInputStream().setReadListener(this);
    }
  }

  @Override
  public void onDataAvailable() throws IOException {
    if (!body.readReady()) {
      bodyEnded();
    }
  }

  @Override
  public void onAllDataRead() {
    bodyEnded();
  }

  private void bodyEnded() {
    if (refusal != null) {
      respond(refusal);
    } else if (exchange.ignoresBody()) {
      answer(NOTHING);
    } else if (body.crowdedOut()) {
      respond(exchange.crowdedOut());
    } else if (body.tooLarge()) {
      respond(exchange.tooLarge());
    } else {
      answer(body.take());
    }
  }

  /** Counted from here on: who only sends slowly must not keep others out. */
  private void answer(byte[] whole) {
    counted = true;
    if (!edge.inFlight().enter()) {
      respond(exchange.overloaded());
      return;
    }
    var _ = exchange.answer(whole).thenAccept(this::respond);
  }

  /** Takes the first answer: a timeout and the store may meet. */
  private void respond(Answer ready) {
    if (answer.compareAndSet(null, ready) && writable.get()) {
      write();
    }
  }

  @Override
  public void onWritePossible() {
    if (writable.compareAndSet(false, true)) {
      if (answer.get() != null) {
        write();
      }
    } else if (written.get()) {
      finish();
    }
  }

  private void write() {
    Answer ready = answer.get();
    if (ready == null || !written.compareAndSet(false, true)) {
      return;
    }
    try {
      writeHead(ready);
      out.write(ready.body());
    } catch (IOException e) {
      gone(e);
      return;
    }
    finish();
  }

  private void writeHead(Answer ready) {
    if (!body.finished()) {
      Connections.abandonBody(request, response);
    }
    response.setStatus(ready.status());
    for (Header header : ready.headers()) {
      response.setHeader(header.name(), header.value());
    }
    if (edge.drain().active()) {
      response.setHeader("Connection", "close");
    }
    if (ready.contentType() != null) {
      response.setContentType(ready.contentType());
    }
    response.setContentLength(ready.body().length);
  }

  /** Sends what is written as far as the caller reads; the rest in a later turn of the listener. */
  private void finish() {
    try {
      if (!flushed && out.isReady()) {
        flushed = true;
        out.flush();
      }
      if (flushed && out.isReady()) {
        end();
      }
    } catch (IOException e) {
      gone(e);
    }
  }

  /** The container has seen it too and ends the exchange; completing it here would meet that. */
  private static void gone(IOException e) {
    log.debug("The caller went away before the answer", e);
  }

  private void end() {
    if (uncount()) {
      async.complete();
    }
  }

  @Override
  public void onTimeout(AsyncEvent event) {
    respond(refusal == null ? lateAnswer() : refusal);
    if (!ended.get()) {
      Connections.cut(request);
      end();
    }
  }

  private Answer lateAnswer() {
    return body.finished() ? exchange.unanswered() : exchange.bodyTooSlow(edge.timeout());
  }

  /** From the listeners: the connection broke while reading or writing. */
  @Override
  public void onError(Throwable failure) {
    log.debug("The connection broke", failure);
    end();
  }

  @Override
  public void onError(AsyncEvent event) {
    end();
  }

  @Override
  public void onComplete(AsyncEvent event) {
    body.release();
    uncount();
  }

  /** Whether this was the end. */
  private boolean uncount() {
    boolean first = ended.compareAndSet(false, true);
    if (first && counted) {
      edge.inFlight().leave();
    }
    return first;
  }

  @Override
  public void onStartAsync(AsyncEvent event) {
    // Nothing starts it again.
  }
}
