package io.ratelimiter.service.decisions.spool;

import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Events that wait for the disk, bounded in number and in memory, since callers' ids make events
 * longer. Thread-safe.
 */
final class BoundedEventQueue {

  private static final int MAX_EVENTS = 32_768;
  private static final int SHARE_OF_HEAP = 8;

  private final BlockingQueue<QueuedEvent> events = new ArrayBlockingQueue<>(MAX_EVENTS);
  private final Semaphore freeBytes;

  /** A queue of at most an eighth of the heap. */
  BoundedEventQueue() {
    this(Runtime.getRuntime().maxMemory() / SHARE_OF_HEAP);
  }

  /**
   * @param maxBytes max memory of all events in it, bytes
   */
  BoundedEventQueue(long maxBytes) {
    freeBytes = new Semaphore((int) Math.min(Integer.MAX_VALUE, maxBytes));
  }

  /** Adds an event if there is room; never blocks. */
  boolean offer(QueuedEvent queued) {
    return freeBytes.tryAcquire(queued.event().bytes())
        && (events.offer(queued) || released(queued));
  }

  /** Adds an event if there is room; blocks for at most twice {@code timeout}. */
  boolean offer(QueuedEvent queued, Duration timeout) throws InterruptedException {
    long millis = timeout.toMillis();
    return freeBytes.tryAcquire(queued.event().bytes(), millis, TimeUnit.MILLISECONDS)
        && (events.offer(queued, millis, TimeUnit.MILLISECONDS) || released(queued));
  }

  private boolean released(QueuedEvent queued) {
    freeBytes.release(queued.event().bytes());
    return false;
  }

  /** Removes the oldest event; null when empty. */
  @Nullable QueuedEvent poll() {
    return removed(events.poll());
  }

  /** Removes the oldest event; null when none comes within {@code timeout}. Blocks. */
  @Nullable QueuedEvent poll(Duration timeout) throws InterruptedException {
    return removed(events.poll(timeout.toMillis(), TimeUnit.MILLISECONDS));
  }

  private @Nullable QueuedEvent removed(@Nullable QueuedEvent queued) {
    if (queued != null) {
      freeBytes.release(queued.event().bytes());
    }
    return queued;
  }

  boolean isEmpty() {
    return events.isEmpty();
  }

  int size() {
    return events.size();
  }
}
