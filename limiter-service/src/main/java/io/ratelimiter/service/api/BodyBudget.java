package io.ratelimiter.service.api;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.LongSupplier;

/**
 * Limits the memory of all bodies that are being read, beyond {@value #FREE_BYTES} bytes each, so
 * that callers that begin large bodies and never complete them cannot fill the heap. When the
 * budget is exhausted, a growing body evicts the oldest bodies that have been read for more than a
 * second; if there are none, it is refused. Checks are smaller than the free bytes and never need
 * the budget. Thread-safe, never blocks.
 */
public final class BodyBudget {

  /** Bytes that every body may hold outside the budget: the largest check. */
  public static final int FREE_BYTES = 8 * 1024;

  /** 64 batches of the max size, thousands of the usual size. */
  private static final long MAX_BYTES = 16 * 1024 * 1024;

  /** Time without eviction; a caller on any network sends 256 KiB within it. */
  private static final Duration PROTECTED = Duration.ofSeconds(1);

  private final LongSupplier nanoTime;
  private final Set<Share> oldestFirst = new LinkedHashSet<>();
  private long heldBytes;

  public BodyBudget() {
    this(System::nanoTime);
  }

  BodyBudget(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  /** The owner of a body that is being read. */
  public interface Holder {

    /** The body must be dropped: its share was given to another body. Called from any thread. */
    void evict();
  }

  /** The share of one body. Used by the thread of its connection. */
  public final class Share {

    private final Holder holder;
    private final long sinceNanos = nanoTime.getAsLong();
    private int bytes;

    private Share(Holder holder) {
      this.holder = holder;
    }

    /**
     * Reserves memory for a larger body.
     *
     * @param toBytes new size of the body, more than {@value #FREE_BYTES}
     * @return false when the budget is exhausted: the body must not grow, its share is unchanged
     */
    public boolean grow(int toBytes) {
      return BodyBudget.this.grow(this, toBytes - FREE_BYTES);
    }

    /** Returns the whole share to the budget; has no effect the second time. */
    public void end() {
      BodyBudget.this.end(this);
    }
  }

  /** Opens an empty share for a new body. */
  public Share share(Holder holder) {
    return new Share(holder);
  }

  private boolean grow(Share share, int toBytes) {
    List<Share> evicted = new ArrayList<>();
    boolean grown;
    synchronized (this) {
      evictFor(share, toBytes - share.bytes, evicted);
      grown = heldBytes + toBytes - share.bytes <= MAX_BYTES;
      if (grown) {
        heldBytes += toBytes - share.bytes;
        share.bytes = toBytes;
        oldestFirst.add(share);
      }
    }
    evicted.forEach(one -> one.holder.evict());
    return grown;
  }

  private void evictFor(Share growing, int bytes, List<Share> evicted) {
    long now = nanoTime.getAsLong();
    Iterator<Share> oldest = oldestFirst.iterator();
    while (heldBytes + bytes > MAX_BYTES && oldest.hasNext()) {
      Share candidate = oldest.next();
      if (candidate != growing && now - candidate.sinceNanos > PROTECTED.toNanos()) {
        oldest.remove();
        heldBytes -= candidate.bytes;
        candidate.bytes = 0;
        evicted.add(candidate);
      }
    }
  }

  private synchronized void end(Share share) {
    if (oldestFirst.remove(share)) {
      heldBytes -= share.bytes;
    }
    share.bytes = 0;
  }
}
