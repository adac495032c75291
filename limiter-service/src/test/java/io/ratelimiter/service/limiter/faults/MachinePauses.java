package io.ratelimiter.service.limiter.faults;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;

/**
 * When the machine itself (or this JVM) stood still: a thread that wakes every millisecond notices.
 * A fault of the store is not to be blamed for that.
 */
final class MachinePauses implements AutoCloseable {

  private static final long TICK_NANOS = 1_000_000;
  private static final long WORTH_TELLING_NANOS = 20_000_000;

  private record Pause(long fromNanos, long toNanos) {}

  private final List<Pause> pauses = new CopyOnWriteArrayList<>();
  private final Thread watch = Thread.ofPlatform().daemon().name("machine-pauses").start(this::run);
  private volatile boolean closed;

  private void run() {
    long last = System.nanoTime();
    while (!closed) {
      LockSupport.parkNanos(TICK_NANOS);
      long now = System.nanoTime();
      if (now - last > WORTH_TELLING_NANOS) {
        pauses.add(new Pause(last, now));
      }
      last = now;
    }
  }

  /** Whether it stood still for some of this time (as of {@link System#nanoTime()}). */
  boolean touch(long fromNanos, long toNanos) {
    return pauses.stream().anyMatch(p -> p.fromNanos() < toNanos && p.toNanos() > fromNanos);
  }

  /** The longest one, 0 when none was worth telling. */
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
