package io.ratelimiter.service.api.http;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * An answer that is sent while it is made, by one thread other than the connection's event loop.
 */
public interface AnswerStream {

  /** Length of a body whose size is not known in advance. */
  long UNKNOWN_LENGTH = -1;

  /** Length of an answer whose status has no body (RFC 9110, 6.4.1). */
  long NO_BODY = -2;

  /**
   * Sets status and headers; must be called once, before the first write.
   *
   * @param length of the body in bytes, {@link #UNKNOWN_LENGTH} or {@link #NO_BODY}
   */
  void begin(int status, List<Header> headers, long length);

  /**
   * Sends the remaining bytes of the buffer. Blocks while the caller reads more slowly than the
   * answer is written.
   *
   * @throws IOException when the connection has ended
   */
  void write(ByteBuffer bytes) throws IOException;

  /**
   * Sends what was written so far without waiting for more.
   *
   * @throws IOException when the connection has ended
   */
  void flush() throws IOException;

  /** Completes the answer. */
  void end();

  /** Aborts the answer: sends 500 if nothing was sent yet, else closes the connection. */
  void abort();
}
