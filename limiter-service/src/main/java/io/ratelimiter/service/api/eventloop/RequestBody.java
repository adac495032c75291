package io.ratelimiter.service.api.eventloop;

import io.netty.buffer.ByteBuf;
import java.util.Arrays;

/**
 * A body as it comes in, counted while it is read. What is beyond the bound is thrown away, since a
 * caller who is cut off while sending never sees why; but no more than {@value #MAX_DISCARDED}
 * bytes of it.
 */
final class RequestBody {

  private static final int MAX_DISCARDED = 1 << 20;
  private static final int CHUNK_BYTES = 2_048;
  private static final byte[] NOTHING = new byte[0];

  private final int maxBytes;
  private byte[] bytes = NOTHING;
  private int length;
  private long discarded;

  /**
   * An empty body.
   *
   * @param maxBytes more is thrown away; 0: all
   */
  RequestBody(int maxBytes) {
    this.maxBytes = maxBytes;
  }

  void add(ByteBuf content) {
    int more = content.readableBytes();
    if (more == 0) {
      return;
    }
    if (discarded > 0 || length + more > maxBytes) {
      discarded += more;
      return;
    }
    if (length + more > bytes.length) {
      bytes = Arrays.copyOf(bytes, capacity(more));
    }
    content.getBytes(content.readerIndex(), bytes, length, more);
    length += more;
  }

  /** Exact for the body that comes in one piece, which nearly all do. */
  private int capacity(int more) {
    return length == 0 ? more : Math.min(maxBytes, Math.max(length + more, length + CHUNK_BYTES));
  }

  /** Whether more came than may. */
  boolean tooLarge() {
    return discarded > 0;
  }

  /** Whether so much came that nobody goes on reading. */
  boolean endless() {
    return discarded > MAX_DISCARDED;
  }

  byte[] toArray() {
    return length == bytes.length ? bytes : Arrays.copyOf(bytes, length);
  }
}
