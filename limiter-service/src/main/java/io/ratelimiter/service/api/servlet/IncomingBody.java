package io.ratelimiter.service.api.servlet;

import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.util.Arrays;

/**
 * A body as it comes in, counted while it is read. What is beyond the bound is read and thrown
 * away, since a caller that is cut off while sending never sees why; but no more than {@value
 * #MAX_DISCARDED} bytes of it.
 */
final class IncomingBody {

  private static final int MAX_DISCARDED = 1 << 20;
  private static final int CHUNK_BYTES = 2_048;

  private final ServletInputStream in;
  private final int maxBytes;
  private final long announced;
  private byte[] bytes;
  private int length;
  private long discarded;

  IncomingBody(HttpServletRequest request, int maxBytes) throws IOException {
    this.in = request.getInputStream();
    this.maxBytes = maxBytes;
    this.announced = announced(request);
    this.bytes = new byte[Math.clamp(announced, 0, Math.min(maxBytes, CHUNK_BYTES))];
  }

  private static long announced(HttpServletRequest request) {
    long length = request.getContentLengthLong();
    return length < 0 && request.getHeader("Transfer-Encoding") == null ? 0 : length;
  }

  /** Keeps nothing of what comes: the answer is known already. */
  void discard() {
    discarded += length;
    length = 0;
    bytes = new byte[0];
  }

  /** Reads what has come together with the head; whether that was all. Never blocks. */
  boolean readAtHand() throws IOException {
    while (announced > 0 && length < announced && !tooLarge() && in.available() > 0) {
      read();
    }
    return length == announced;
  }

  /** Reads what is there, in a read listener's turn; whether more may come. */
  boolean readReady() throws IOException {
    while (!in.isFinished() && in.isReady()) {
      if (discarded > MAX_DISCARDED) {
        return false;
      }
      read();
    }
    return true;
  }

  private void read() throws IOException {
    if (length == bytes.length && length <= maxBytes && discarded == 0) {
      bytes = Arrays.copyOf(bytes, Math.min(maxBytes + 1, Math.max(CHUNK_BYTES, length * 2)));
    }
    if (length < bytes.length) {
      length += Math.max(0, in.read(bytes, length, bytes.length - length));
    } else {
      discarded += Math.max(0, in.read(new byte[CHUNK_BYTES]));
    }
  }

  /** Whether more came than may. */
  boolean tooLarge() {
    return length > maxBytes || discarded > 0;
  }

  /** Whether all of it was read. */
  boolean finished() {
    return announced == 0 || length == announced || in.isFinished();
  }

  /** What was read. */
  byte[] toArray() {
    return length == bytes.length ? bytes : Arrays.copyOf(bytes, length);
  }
}
