package io.ratelimiter.service.api;

import java.util.concurrent.Semaphore;

/**
 * What the bodies that are being read hold beyond {@value #FREE_BYTES} bytes each, over all edges:
 * many callers who begin a large one and never end it must not fill the heap. No check is so large,
 * so none ever comes here for room. Thread-safe, never blocks.
 */
public final class LargeBodies {

  /** What every body may hold without asking: a check's most. */
  public static final int FREE_BYTES = 8 * 1024;

  /** What is told to whom there is no room for. */
  public static final Problem CROWDED_OUT =
      Problem.unavailable("too many large bodies are being read already");

  /** 64 batches of the largest size, thousands of the usual one. */
  private static final int MOST_BYTES = 16 * 1024 * 1024;

  private final Semaphore room = new Semaphore(MOST_BYTES);

  /**
   * Takes room for a body that held one number of bytes and is to hold another, larger one.
   *
   * @return false when there is none: then it must not grow, and holds what it held
   */
  public boolean grow(int fromBytes, int toBytes) {
    int more = beyondFree(toBytes) - beyondFree(fromBytes);
    return more == 0 || room.tryAcquire(more);
  }

  /** Gives back what a body took that held so many bytes and holds none any more. */
  public void end(int bytes) {
    int held = beyondFree(bytes);
    if (held > 0) {
      room.release(held);
    }
  }

  private static int beyondFree(int bytes) {
    return Math.max(0, bytes - FREE_BYTES);
  }
}
