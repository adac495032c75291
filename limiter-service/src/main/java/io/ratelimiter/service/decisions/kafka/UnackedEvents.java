package io.ratelimiter.service.decisions.kafka;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/**
 * Counts the memory of the events in producers, ledgers and replayed events included. Thread-safe.
 *
 * <p>A producer bounds its own buffer, but not the memory of unacknowledged events, whose size
 * depends on callers' ids.
 */
public final class UnackedEvents {

  private static final int SHARE_OF_HEAP = 8;

  private final AtomicLong bytes = new AtomicLong();
  private final LongAdder acked = new LongAdder();
  private final long maxBytes;

  /** Allows an eighth of the heap. */
  public UnackedEvents() {
    this(Runtime.getRuntime().maxMemory() / SHARE_OF_HEAP);
  }

  /**
   * @param maxBytes memory of unacknowledged events at which no further event is sent, bytes
   */
  UnackedEvents(long maxBytes) {
    this.maxBytes = maxBytes;
  }

  void sent(int eventBytes) {
    bytes.addAndGet(eventBytes);
  }

  void completed(boolean isAcked, int eventBytes) {
    bytes.addAndGet(-eventBytes);
    if (isAcked) {
      acked.increment();
    }
  }

  /** Memory of the events passed to a producer and not yet acknowledged or failed, bytes. */
  public long bytes() {
    return bytes.get();
  }

  /** Events acknowledged so far. */
  long acked() {
    return acked.sum();
  }

  boolean hasRoom() {
    return bytes.get() < maxBytes;
  }
}
