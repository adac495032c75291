package io.ratelimiter.service.api.eventloop.request;

import io.netty.buffer.ByteBuf;
import io.ratelimiter.service.api.BodyBudget;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A body while it is read. A body that is too large, or exceeds the budget, is discarded up to
 * {@value #MAX_DISCARDED} bytes instead of closing the connection, because a caller that is cut off
 * while sending never receives the answer.
 */
final class RequestBody {

  private static final int MAX_DISCARDED = 1 << 20;
  private static final int CHUNK_BYTES = 2_048;
  private static final byte[] NOTHING = new byte[0];

  private final int maxBytes;
  private final BodyBudget budget;
  private final BodyBudget.Holder holder;
  private BodyBudget.@Nullable Share share;
  private byte[] bytes = NOTHING;
  private int length;
  private long discarded;
  private boolean budgetExhausted;

  /**
   * An empty body.
   *
   * @param maxBytes of the body; 0: all of it is discarded
   * @param holder evicted when this body's memory is needed elsewhere
   */
  RequestBody(int maxBytes, BodyBudget budget, BodyBudget.Holder holder) {
    this.maxBytes = maxBytes;
    this.budget = budget;
    this.holder = holder;
  }

  /** Appends a part of the body, or discards it. */
  void add(ByteBuf content) {
    int more = content.readableBytes();
    if (more == 0) {
      return;
    }
    if (!reserve(more)) {
      discarded += more;
      release();
      return;
    }
    content.getBytes(content.readerIndex(), bytes, length, more);
    length += more;
  }

  private boolean reserve(int more) {
    if (discarded > 0 || length + more > maxBytes) {
      return false;
    }
    budgetExhausted = length + more > bytes.length && !grow(capacity(more));
    return !budgetExhausted;
  }

  private boolean grow(int capacity) {
    if (capacity > BodyBudget.FREE_BYTES && !shareFor(capacity)) {
      return false;
    }
    bytes = Arrays.copyOf(bytes, capacity);
    return true;
  }

  private boolean shareFor(int capacity) {
    BodyBudget.Share mine = share == null ? budget.share(holder) : share;
    share = mine;
    return mine.grow(capacity);
  }

  /** Exact for a body that arrives in one piece, as nearly all do. */
  private int capacity(int more) {
    return length == 0 ? more : Math.min(maxBytes, Math.max(length + more, length + CHUNK_BYTES));
  }

  /** Whether the body exceeded its max size. */
  boolean tooLarge() {
    return discarded > 0 && !budgetExhausted;
  }

  /** Whether it was discarded because the body budget is exhausted. */
  boolean budgetExhausted() {
    return budgetExhausted;
  }

  /** Whether the max number of bytes was discarded. */
  boolean discardLimitReached() {
    return discarded > MAX_DISCARDED;
  }

  /** Returns the body and releases its memory. */
  byte[] take() {
    byte[] taken = length == bytes.length ? bytes : Arrays.copyOf(bytes, length);
    release();
    return taken;
  }

  /** Releases the memory of the body. */
  void release() {
    if (share != null) {
      share.end();
    }
    bytes = NOTHING;
    length = 0;
  }
}
