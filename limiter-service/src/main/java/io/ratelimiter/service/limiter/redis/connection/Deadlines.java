package io.ratelimiter.service.limiter.redis.connection;

import io.lettuce.core.RedisCommandTimeoutException;
import io.netty.util.concurrent.EventExecutor;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;

/**
 * Fails the commands of an event loop that got no reply within the timeout. Time in which the loop
 * was paused, by a garbage collection or a CPU quota, is not counted, since replies may be unread
 * in the socket. No command fails before the loop has read the sockets once more.
 *
 * <p>All commands have the same timeout, so the oldest is due first and one queue with one timer is
 * sufficient. A timer per command would cost an allocation and a wake-up each.
 */
final class Deadlines {

  /** A loop that runs late by more than this was paused; by less, it is busy. */
  private static final long PAUSE_NANOS = Duration.ofMillis(5).toNanos();

  /** Max time between checks of the commands; they are checked four times within their timeout. */
  private static final long MAX_TICK_NANOS = Duration.ofMillis(25).toNanos();

  private static final long MIN_TICK_NANOS = Duration.ofMillis(1).toNanos();

  /** Time for which the loop reads the sockets before commands fail. */
  private static final long READ_NANOS = Duration.ofMillis(1).toNanos();

  private final EventExecutor loop;
  private final Duration timeout;
  private final long tickNanos;
  private final LongSupplier clock;
  private final LongConsumer lag;
  private final Runnable tick = this::tick;
  private final Runnable failDue = this::failDue;
  private final ArrayDeque<StoreCommand<?>> pending = new ArrayDeque<>();

  private boolean ticking;

  /** When the tick is due. */
  private long tickDueNanos;

  /** Pauses of the loop up to this time are included in {@code pausedNanos}. */
  private long countedNanos;

  private long pausedNanos;
  private long tickNanosWithoutPauses;

  /**
   * The deadlines of one loop's commands.
   *
   * @param clock nanoseconds as of {@link System#nanoTime()}
   * @param lag receives how late the loop runs, nanoseconds, while commands are pending
   */
  Deadlines(EventExecutor loop, Duration timeout, LongSupplier clock, LongConsumer lag) {
    this.loop = loop;
    this.timeout = timeout;
    this.tickNanos = Math.clamp(timeout.toNanos() / 4, MIN_TICK_NANOS, MAX_TICK_NANOS);
    this.clock = clock;
    this.lag = lag;
  }

  /**
   * Fails this command when its timeout passes without a reply. The timeout starts when the loop
   * takes the command, from when on it can be written. Any thread; never blocks.
   */
  void watch(StoreCommand<?> command) {
    if (loop.inEventLoop()) {
      add(command);
      return;
    }
    try {
      loop.execute(() -> add(command));
    } catch (RejectedExecutionException e) {
      command.completeExceptionally(e);
    }
  }

  private void add(StoreCommand<?> command) {
    long nowNanos = clock.getAsLong();
    if (ticking) {
      countPause(nowNanos);
    }
    // Usually leaves only commands in flight.
    while (!pending.isEmpty() && pending.element().isDone()) {
      pending.remove();
    }
    command.dueNanos = nowNanos + timeout.toNanos() - pausedNanos;
    pending.add(command);
    if (!ticking) {
      ticking = true;
      tickAfter(tickNanos);
    }
  }

  private void tickAfter(long nanos) {
    tickDueNanos = clock.getAsLong() + nanos;
    countedNanos = tickDueNanos;
    var _ = loop.schedule(tick, nanos, TimeUnit.NANOSECONDS);
  }

  /** Counts a pause of the loop, which shows as lateness at the tick or at the next command. */
  private void countPause(long nowNanos) {
    long late = nowNanos - countedNanos;
    if (late > PAUSE_NANOS) {
      pausedNanos += late;
      countedNanos = nowNanos;
    }
  }

  private void tick() {
    long nowNanos = clock.getAsLong();
    lag.accept(Math.max(0, nowNanos - tickDueNanos));
    countPause(nowNanos);
    // All, not only the first: a silent node of a cluster must not keep the completed commands of
    // other nodes in memory.
    pending.removeIf(StoreCommand::isDone);
    tickNanosWithoutPauses = nowNanos - pausedNanos;
    if (!pending.isEmpty() && pending.element().dueNanos <= tickNanosWithoutPauses) {
      var _ = loop.schedule(failDue, READ_NANOS, TimeUnit.NANOSECONDS);
    } else {
      scheduleNext();
    }
  }

  private void failDue() {
    try {
      while (!pending.isEmpty() && pending.element().dueNanos <= tickNanosWithoutPauses) {
        pending
            .remove()
            .completeExceptionally(
                new RedisCommandTimeoutException("no reply within " + timeout.toMillis() + " ms"));
      }
    } finally {
      scheduleNext();
    }
  }

  private void scheduleNext() {
    if (pending.isEmpty()) {
      ticking = false;
    } else {
      long left = pending.element().dueNanos - tickNanosWithoutPauses;
      tickAfter(Math.clamp(left, MIN_TICK_NANOS, tickNanos));
    }
  }
}
