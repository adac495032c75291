package io.ratelimiter.service.api;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/** An answer that is written piece by piece, from one thread other than the caller's event loop. */
public interface AnswerStream {

  /** Length of an answer that is not known in advance. */
  long UNKNOWN_LENGTH = -1;

  /**
   * Sets status and headers; called once, before anything is written.
   *
   * @param length of the body in bytes, or {@link #UNKNOWN_LENGTH}
   */
  void begin(int status, List<Header> headers, long length);

  /**
   * Sends the remaining bytes of the buffer. Blocks while the caller reads more slowly than this
   * thread writes.
   *
   * @throws IOException when the connection has ended
   */
  void write(ByteBuffer bytes) throws IOException;

  /**
   * Passes on what was written so far.
   *
   * @throws IOException when the connection has ended
   */
  void flush() throws IOException;

  /** The answer is complete. */
  void end();

  /** The answer cannot be completed: 500 where nothing was sent yet, else the connection ends. */
  void abort();
}
