package io.ratelimiter.service.api;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.LongSupplier;

/**
 * Bounds what the bodies that are being read hold beyond {@value #FREE_BYTES} bytes each, over all
 * connections: many callers that begin a large body and never end it must not fill the heap. A body
 * that finds no room takes that of the oldest ones, once these have had their time; if none has, it
 * is refused. No check is so large, so none ever comes here for room. Thread-safe, never blocks.
 */
public final class LargeBodies {

  /** What every body may hold without asking: the largest check. */
  public static final int FREE_BYTES = 8 * 1024;

  /** Returned when there is no room for a body. */
  public static final Problem CROWDED_OUT =
      Problem.unavailable("too many large bodies are being read already");

  /** 64 batches of the largest size, thousands of the usual one. */
  private static final long MAX_BYTES = 16 * 1024 * 1024;

  /** Within this time a caller on any network has sent 256 KiB; then its room is open to others. */
  private static final Duration UNDISTURBED = Duration.ofSeconds(1);

  private final LongSupplier nanoTime;
  private final Set<Share> oldestFirst = new LinkedHashSet<>();
  private long heldBytes;

  public LargeBodies() {
    this(System::nanoTime);
  }

  LargeBodies(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  /** Holds a body that is being read. */
  public interface Holder {

    /** The body's room was given to another: it is to be dropped. From any thread. */
    void makeRoom();
  }

  /** What one body holds. Used by the thread of its connection. */
  public final class Share {

    private final Holder holder;
    private final long sinceNanos = nanoTime.getAsLong();
    private int bytes;

    private Share(Holder holder) {
      this.holder = holder;
    }

    /**
     * Takes room for more.
     *
     * @param toBytes what the body is to hold in all, more than {@value #FREE_BYTES}
     * @return false when there is no room: then it must not grow, and holds what it held
     */
    public boolean grow(int toBytes) {
      return LargeBodies.this.grow(this, toBytes - FREE_BYTES);
    }

    /** Gives all of it back. */
    public void end() {
      LargeBodies.this.end(this);
    }
  }

  /** The share of a new body. */
  public Share share(Holder holder) {
    return new Share(holder);
  }

  private boolean grow(Share share, int toBytes) {
    List<Share> shed = new ArrayList<>();
    boolean grown;
    synchronized (this) {
      makeRoom(share, toBytes - share.bytes, shed);
      grown = heldBytes + toBytes - share.bytes <= MAX_BYTES;
      if (grown) {
        heldBytes += toBytes - share.bytes;
        share.bytes = toBytes;
        oldestFirst.add(share);
      }
    }
    shed.forEach(one -> one.holder.makeRoom());
    return grown;
  }

  private void makeRoom(Share asking, int bytes, List<Share> shed) {
    long now = nanoTime.getAsLong();
    Iterator<Share> oldest = oldestFirst.iterator();
    while (heldBytes + bytes > MAX_BYTES && oldest.hasNext()) {
      Share candidate = oldest.next();
      if (candidate != asking && now - candidate.sinceNanos > UNDISTURBED.toNanos()) {
        oldest.remove();
        heldBytes -= candidate.bytes;
        candidate.bytes = 0;
        shed.add(candidate);
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
