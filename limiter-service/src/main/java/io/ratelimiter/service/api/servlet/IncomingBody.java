package io.ratelimiter.service.api.servlet;

import io.ratelimiter.service.api.LargeBodies;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.util.Arrays;

/**
 * A body as it comes in, counted while it is read. One that is longer than it may be, or for which
 * there is no room, is read on and thrown away, since a caller that is cut off while sending never
 * sees why; but no more than {@value #MAX_DISCARDED} bytes of it.
 */
final class IncomingBody {

  private static final int MAX_DISCARDED = 1 << 20;
  private static final int CHUNK_BYTES = 2_048;
  private static final byte[] NOTHING = new byte[0];

  private final ServletInputStream in;
  private final int maxBytes;
  private final LargeBodies largeBodies;
  private final long announced;
  private byte[] bytes;
  private int length;
  private long discarded;
  private boolean crowdedOut;

  IncomingBody(HttpServletRequest request, int maxBytes, LargeBodies largeBodies)
      throws IOException {
    this.in = request.getInputStream();
    this.maxBytes = maxBytes;
    this.largeBodies = largeBodies;
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
    release();
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
      grow();
    }
    if (length < bytes.length) {
      length += Math.max(0, in.read(bytes, length, bytes.length - length));
    } else {
      discarded += Math.max(0, in.read(new byte[CHUNK_BYTES]));
    }
  }

  private void grow() {
    int size = Math.min(maxBytes + 1, Math.max(CHUNK_BYTES, length * 2));
    if (!crowdedOut && largeBodies.grow(bytes.length, size)) {
      bytes = Arrays.copyOf(bytes, size);
    } else {
      crowdedOut = true;
      discard();
    }
  }

  /** Whether more came than may, or than was kept. */
  boolean tooLarge() {
    return length > maxBytes || discarded > 0;
  }

  /** Whether it was thrown away because others hold so much. */
  boolean crowdedOut() {
    return crowdedOut;
  }

  /** Whether all of it was read. */
  boolean finished() {
    return announced == 0 || length == announced || in.isFinished();
  }

  /** What was read; it is held no more. */
  byte[] take() {
    byte[] taken = length == bytes.length ? bytes : Arrays.copyOf(bytes, length);
    release();
    return taken;
  }

  /** Holds nothing any more. */
  void release() {
    largeBodies.end(bytes.length);
    bytes = NOTHING;
  }
}
