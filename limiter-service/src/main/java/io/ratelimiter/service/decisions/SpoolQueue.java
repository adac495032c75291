package io.ratelimiter.service.decisions;

import io.ratelimiter.service.decisions.Spool.Waiting;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Events that wait for the disk. Bounded in number and in memory, since callers' ids make events
 * longer. Thread-safe.
 */
final class SpoolQueue {

  private static final int MAX_EVENTS = 32_768;
  private static final int SHARE_OF_HEAP = 8;

  private final BlockingQueue<Waiting> events = new ArrayBlockingQueue<>(MAX_EVENTS);
  private final Semaphore freeBytes;

  /** A queue that may take an eighth of the heap. */
  SpoolQueue() {
    this(Runtime.getRuntime().maxMemory() / SHARE_OF_HEAP);
  }

  /**
   * An empty queue.
   *
   * @param maxBytes max memory of all events in it, bytes
   */
  SpoolQueue(long maxBytes) {
    freeBytes = new Semaphore((int) Math.min(Integer.MAX_VALUE, maxBytes));
  }

  /** Adds an event if there is room; never blocks. */
  boolean offer(Waiting waiting) {
    return freeBytes.tryAcquire(waiting.event().bytes())
        && (events.offer(waiting) || released(waiting));
  }

  /** Adds an event if there is room within at most twice this time; blocks. */
  boolean offer(Waiting waiting, Duration patience) throws InterruptedException {
    long millis = patience.toMillis();
    return freeBytes.tryAcquire(waiting.event().bytes(), millis, TimeUnit.MILLISECONDS)
        && (events.offer(waiting, millis, TimeUnit.MILLISECONDS) || released(waiting));
  }

  private boolean released(Waiting waiting) {
    freeBytes.release(waiting.event().bytes());
    return false;
  }

  /** The oldest; null when there is none. */
  @Nullable Waiting poll() {
    return taken(events.poll());
  }

  /** The oldest; waits for one, and returns null when none comes. */
  @Nullable Waiting poll(Duration patience) throws InterruptedException {
    return taken(events.poll(patience.toMillis(), TimeUnit.MILLISECONDS));
  }

  private @Nullable Waiting taken(@Nullable Waiting waiting) {
    if (waiting != null) {
      freeBytes.release(waiting.event().bytes());
    }
    return waiting;
  }

  boolean isEmpty() {
    return events.isEmpty();
  }

  int size() {
    return events.size();
  }
}
