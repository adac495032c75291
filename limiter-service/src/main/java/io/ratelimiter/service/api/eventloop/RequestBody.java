package io.ratelimiter.service.api.eventloop;

import io.netty.buffer.ByteBuf;
import io.ratelimiter.service.api.LargeBodies;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A body as it comes in, counted while it is read. What is beyond the bound is thrown away, and all
 * of one for which there is no room, since a caller that is cut off while sending never sees why;
 * but no more than {@value #MAX_DISCARDED} bytes of it.
 */
final class RequestBody {

  private static final int MAX_DISCARDED = 1 << 20;
  private static final int CHUNK_BYTES = 2_048;
  private static final byte[] NOTHING = new byte[0];

  private final int maxBytes;
  private final LargeBodies largeBodies;
  private final LargeBodies.Holder holder;
  private LargeBodies.@Nullable Share share;
  private byte[] bytes = NOTHING;
  private int length;
  private long discarded;
  private boolean crowdedOut;

  /**
   * An empty body.
   *
   * @param maxBytes more is thrown away; 0: all
   * @param holder is called when this body must make room for others
   */
  RequestBody(int maxBytes, LargeBodies largeBodies, LargeBodies.Holder holder) {
    this.maxBytes = maxBytes;
    this.largeBodies = largeBodies;
    this.holder = holder;
  }

  void add(ByteBuf content) {
    int more = content.readableBytes();
    if (more == 0) {
      return;
    }
    if (!hasRoomFor(more)) {
      discarded += more;
      release();
      return;
    }
    content.getBytes(content.readerIndex(), bytes, length, more);
    length += more;
  }

  private boolean hasRoomFor(int more) {
    if (discarded > 0 || length + more > maxBytes) {
      return false;
    }
    crowdedOut = length + more > bytes.length && !grow(capacity(more));
    return !crowdedOut;
  }

  private boolean grow(int capacity) {
    if (capacity > LargeBodies.FREE_BYTES && !shareFor(capacity)) {
      return false;
    }
    bytes = Arrays.copyOf(bytes, capacity);
    return true;
  }

  private boolean shareFor(int capacity) {
    LargeBodies.Share mine = share == null ? largeBodies.share(holder) : share;
    share = mine;
    return mine.grow(capacity);
  }

  /** Exact for the body that comes in one piece, which nearly all do. */
  private int capacity(int more) {
    return length == 0 ? more : Math.min(maxBytes, Math.max(length + more, length + CHUNK_BYTES));
  }

  /** Whether more came than may. */
  boolean tooLarge() {
    return discarded > 0 && !crowdedOut;
  }

  /** Whether it was thrown away because others hold so much. */
  boolean crowdedOut() {
    return crowdedOut;
  }

  /** Whether so much came that reading on is no use. */
  boolean endless() {
    return discarded > MAX_DISCARDED;
  }

  /** What came; it is held no more. */
  byte[] take() {
    byte[] taken = length == bytes.length ? bytes : Arrays.copyOf(bytes, length);
    release();
    return taken;
  }

  /** Holds nothing any more. */
  void release() {
    if (share != null) {
      share.end();
    }
    bytes = NOTHING;
    length = 0;
  }
}
