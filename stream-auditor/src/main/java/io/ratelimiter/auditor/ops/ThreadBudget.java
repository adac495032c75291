package io.ratelimiter.auditor.ops;

import java.time.Duration;
import java.util.function.LongSupplier;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Replaces a stream thread that died, but not for ever at once: with the budget spent, the client
 * stops, and its owner starts a new one after a pause.
 */
final class ThreadBudget implements StreamsUncaughtExceptionHandler {

  private static final Logger log = LoggerFactory.getLogger(ThreadBudget.class);
  private static final int DEATHS = 5;
  private static final long REFILL_NANOS = Duration.ofMinutes(1).toNanos();

  private final LongSupplier nanoTime;
  private int left = DEATHS;
  private long refilledNanos;
  private long replaced;
  private @Nullable String lastFault;

  ThreadBudget(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
    this.refilledNanos = nanoTime.getAsLong();
  }

  @Override
  public synchronized StreamThreadExceptionResponse handle(Throwable fault) {
    long earned = (nanoTime.getAsLong() - refilledNanos) / REFILL_NANOS;
    refilledNanos += earned * REFILL_NANOS;
    left = (int) Math.min(DEATHS, left + earned);
    lastFault = described(fault);
    if (left == 0) {
      log.error("A stream thread died again; the audit pauses", fault);
      return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
    }
    left--;
    replaced++;
    log.warn("A stream thread died and is replaced", fault);
    return StreamThreadExceptionResponse.REPLACE_THREAD;
  }

  /** The fault that last ended a thread; null when none has died. */
  synchronized @Nullable String lastFault() {
    return lastFault;
  }

  /** The root cause; the exceptions around it only name the place in Kafka Streams. */
  static String described(Throwable fault) {
    Throwable root = fault;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return root.getClass().getSimpleName() + ": " + root.getMessage();
  }

  synchronized long replaced() {
    return replaced;
  }
}
