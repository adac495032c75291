package io.ratelimiter.service.api;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * The exchanges, of all edges, whose request is here and whose answer is not gone: what they hold
 * must fit the heap.
 */
public final class InFlight {

  private static final int MAX = 4_096;

  private final AtomicInteger count = new AtomicInteger();

  /** Counts one more, which is to be answered only if this is true; {@link #leave} follows. */
  public boolean enter() {
    return count.incrementAndGet() <= MAX;
  }

  /** One that had entered has ended. */
  public void leave() {
    count.decrementAndGet();
  }
}
