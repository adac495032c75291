package io.ratelimiter.service.api.eventloop;

import io.netty.buffer.Unpooled;
import io.ratelimiter.service.api.AnswerStream;
import io.ratelimiter.service.api.Header;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.util.List;
import java.util.concurrent.Semaphore;

/**
 * Carries an answer from the thread that makes it to the connection's event loop. At most {@value
 * #WINDOW_BYTES} bytes are under way: beyond that the writing thread waits for the caller to read.
 */
final class StreamedAnswer implements AnswerStream {

  private static final int WINDOW_BYTES = 64 * 1024;
  private static final int PIECE_BYTES = 16 * 1024;

  private final CallerConnection connection;
  private final IncomingRequest incoming;
  private final Semaphore window = new Semaphore(WINDOW_BYTES);
  private volatile boolean closed;

  StreamedAnswer(CallerConnection connection, IncomingRequest incoming) {
    this.connection = connection;
    this.incoming = incoming;
  }

  @Override
  public void begin(int status, List<Header> headers, long length) {
    connection.onLoop(() -> connection.beginStream(incoming, status, headers, length));
  }

  @Override
  public void write(ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      byte[] piece = new byte[Math.min(PIECE_BYTES, bytes.remaining())];
      reserve(piece.length);
      bytes.get(piece);
      connection.onLoop(() ->
          connection.continueStream(
              incoming, Unpooled.wrappedBuffer(piece), () -> window.release(piece.length)));
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
    connection.onLoop(() -> connection.flushStream(incoming));
  }

  @Override
  public void end() {
    connection.onLoop(() -> connection.endStream(incoming));
  }

  @Override
  public void abort() {
    connection.onLoop(() -> connection.abortStream(incoming));
  }

  /** Nothing is sent any more: what writes, or waits to, fails. */
  void close() {
    closed = true;
    window.release(WINDOW_BYTES);
  }
}
