package io.ratelimiter.service.api.eventloop;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.HttpResponse;
import io.ratelimiter.service.api.eventloop.ConnectionState.Phase;
import io.ratelimiter.service.api.eventloop.request.IncomingRequest;
import io.ratelimiter.service.api.http.AnswerStream;
import io.ratelimiter.service.api.http.Header;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.util.List;
import java.util.concurrent.Semaphore;

/**
 * Carries an answer from the thread that makes it to the connection's event loop. At most {@value
 * #WINDOW_BYTES} bytes are queued; beyond that the writing thread blocks until the caller reads.
 */
final class StreamedAnswer implements AnswerStream {

  private static final int WINDOW_BYTES = 64 * 1024;
  private static final int PIECE_BYTES = 16 * 1024;

  private final AnswerWriter writer;
  private final ConnectionState state;
  private final IncomingRequest incoming;
  private final Semaphore window = new Semaphore(WINDOW_BYTES);
  private volatile boolean closed;

  /** Bytes left of the body, negative while its length is unknown. Event loop only. */
  private long left;

  /** Pieces that are not sent yet. Event loop only. */
  private int unsent;

  StreamedAnswer(AnswerWriter writer, ConnectionState state, IncomingRequest incoming) {
    this.writer = writer;
    this.state = state;
    this.incoming = incoming;
  }

  @Override
  public void begin(int status, List<Header> headers, long length) {
    onLoop(() -> sendHead(status, headers, length));
  }

  @Override
  public void write(ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      byte[] piece = new byte[Math.min(PIECE_BYTES, bytes.remaining())];
      reserve(piece.length);
      bytes.get(piece);
      onLoop(() -> send(Unpooled.wrappedBuffer(piece)));
    }
  }

  private void reserve(int bytes) throws IOException {
    try {
      window.acquire(bytes);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while the caller does not read");
    }
    refuseClosed();
  }

  private void refuseClosed() throws IOException {
    if (closed) {
      throw new ClosedChannelException();
    }
  }

  @Override
  public void flush() throws IOException {
    refuseClosed();
    onLoop(() -> {
      if (sending()) {
        state.channel.flush();
      }
    });
  }

  @Override
  public void end() {
    onLoop(() -> {
      if (sending()) {
        writer.finishStream(left > 0);
      }
    });
  }

  @Override
  public void abort() {
    onLoop(() -> {
      if (state.in(Phase.DECIDING, incoming)) {
        writer.respond(incoming, incoming.exchange().failed(), false);
      } else if (sending()) {
        var _ = state.channel.close();
      }
    });
  }

  /** Makes further writes fail, and those that wait for the caller to read. */
  void close() {
    closed = true;
    window.release(WINDOW_BYTES);
  }

  private void onLoop(Runnable task) {
    state.callers.loop().execute(task);
  }

  private boolean sending() {
    return state.in(Phase.STREAMING, incoming);
  }

  private void sendHead(int status, List<Header> headers, long length) {
    if (!state.in(Phase.DECIDING, incoming)) {
      return;
    }
    boolean bodiless = incoming.headMethod() || length == NO_BODY;
    boolean unknown = length == UNKNOWN_LENGTH && !bodiless;
    boolean chunked = unknown && !incoming.http10();
    writer.begin(incoming, Phase.STREAMING, status, unknown && !chunked);
    state.unlimited();
    left = bodiless ? 0 : length;
    HttpResponse head = state.callers.responses().head(status, headers, length, chunked);
    writer.markConnection(incoming, head);
    Responses.complete(head, incoming.exchange().correlationId());
    var _ = state.channel.write(head);
  }

  private void send(ByteBuf piece) {
    int bytes = piece.readableBytes();
    if (!sending() || left == 0) {
      piece.release();
      window.release(bytes);
      return;
    }
    left -= left > 0 ? bytes : 0;
    unsent++;
    state.within(state.limits.progressTimeout());
    state.channel.writeAndFlush(new DefaultHttpContent(piece)).addListener(_ -> sent(bytes));
  }

  private void sent(int bytes) {
    window.release(bytes);
    unsent--;
    if (sending() && unsent > 0) {
      state.within(state.limits.progressTimeout());
    } else if (sending()) {
      state.unlimited();
    }
  }
}
