package io.ratelimiter.auditor.streams;

import io.ratelimiter.runtime.RootCause;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Replaces stream threads that died, up to five at once and one more each minute. When the budget
 * is exhausted it stops the client, which {@link TopicAudit} starts again after a pause.
 */
final class ThreadBudget implements StreamsUncaughtExceptionHandler {

  private static final Logger log = LoggerFactory.getLogger(ThreadBudget.class);
  private static final int MAX_REPLACEMENTS = 5;
  private static final long REFILL_NANOS = Duration.ofMinutes(1).toNanos();

  private final LongSupplier nanoTime;
  private int left = MAX_REPLACEMENTS;
  private long refilledNanos;
  private long replaced;
  private @Nullable String lastFault;

  ThreadBudget(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
    this.refilledNanos = nanoTime.getAsLong();
  }

  @Override
  public synchronized StreamThreadExceptionResponse handle(Throwable fault) {
    long refill = (nanoTime.getAsLong() - refilledNanos) / REFILL_NANOS;
    refilledNanos += refill * REFILL_NANOS;
    left = (int) Math.min(MAX_REPLACEMENTS, left + refill);
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

  /**
   * Class and message of the root cause; the outer exceptions only name a place in Kafka Streams.
   */
  static String described(Throwable fault) {
    Throwable root = RootCause.of(fault);
    return root.getClass().getSimpleName() + ": " + root.getMessage();
  }

  /** The fault that last ended a thread; null when none has died. */
  synchronized @Nullable String lastFault() {
    return lastFault;
  }

  /** Threads that were replaced since the start. */
  synchronized long replaced() {
    return replaced;
  }
}
