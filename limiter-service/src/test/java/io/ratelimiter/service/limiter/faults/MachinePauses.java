package io.ratelimiter.service.limiter.faults;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;

/**
 * Pauses of the machine or this JVM, measured by a thread that wakes every millisecond. They are
 * not effects of the store's fault.
 */
final class MachinePauses implements AutoCloseable {

  private static final long TICK_NANOS = 1_000_000;
  private static final long MIN_PAUSE_NANOS = 20_000_000;

  private record Pause(long fromNanos, long toNanos) {}

  private final List<Pause> pauses = new CopyOnWriteArrayList<>();
  private final Thread watch = Thread.ofPlatform().daemon().name("machine-pauses").start(this::run);
  private volatile boolean closed;

  private void run() {
    long last = System.nanoTime();
    while (!closed) {
      LockSupport.parkNanos(TICK_NANOS);
      long now = System.nanoTime();
      if (now - last > MIN_PAUSE_NANOS) {
        pauses.add(new Pause(last, now));
      }
      last = now;
    }
  }

  /** Whether there was a pause within this time, as of {@link System#nanoTime()}. */
  boolean touch(long fromNanos, long toNanos) {
    return pauses.stream().anyMatch(p -> p.fromNanos() < toNanos && p.toNanos() > fromNanos);
  }

  /** The longest pause; 0 when none was 20 ms or longer. */
  long longestMillis() {
    return pauses.stream()
        .mapToLong(p -> (p.toNanos() - p.fromNanos()) / 1_000_000)
        .max()
        .orElse(0);
  }

  @Override
  public void close() {
    closed = true;
    watch.interrupt();
  }
}
