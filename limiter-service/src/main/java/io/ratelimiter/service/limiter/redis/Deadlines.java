package io.ratelimiter.service.limiter.redis;

import io.lettuce.core.RedisCommandTimeoutException;
import io.netty.util.concurrent.EventExecutor;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;

/**
 * Gives up the commands of an event loop that got no reply in time. Time in which the loop stood
 * still, for a collection or a CPU quota, is not counted: replies that lie unread in the socket
 * meanwhile are no silence of the store. And no command is given up before the loop has looked into
 * the sockets once more.
 *
 * <p>All commands have the same timeout, so the oldest is due first: a queue and one timer serve,
 * where a timer for each command would cost an allocation and a wake-up.
 */
final class Deadlines {

  /** A loop that is later than this stood still; below it, it is busy. */
  private static final long PAUSE_NANOS = Duration.ofMillis(5).toNanos();

  /** Commands are looked at four times in their timeout, and at least as often as this. */
  private static final long MAX_TICK_NANOS = Duration.ofMillis(25).toNanos();

  private static final long MIN_TICK_NANOS = Duration.ofMillis(1).toNanos();

  /** How long the loop looks into the sockets once more. */
  private static final long LOOK_NANOS = Duration.ofMillis(1).toNanos();

  private final EventExecutor loop;
  private final Duration timeout;
  private final long tickNanos;
  private final LongSupplier clock;
  private final LongConsumer lag;
  private final Runnable tick = this::tick;
  private final Runnable giveUp = this::giveUp;
  private final ArrayDeque<ScriptCommand> pending = new ArrayDeque<>();

  private boolean ticking;

  /** When the tick should run. */
  private long tickDueNanos;

  /** Up to here, or behind, the loop's pauses are in {@code pausedNanos}. */
  private long countedNanos;

  private long pausedNanos;
  private long lookedNanos;

  /**
   * Deadlines of one loop's commands.
   *
   * @param clock nanoseconds as of {@link System#nanoTime()}
   * @param lag notified of how late the loop runs, nanoseconds, while commands are pending
   */
  Deadlines(EventExecutor loop, Duration timeout, LongSupplier clock, LongConsumer lag) {
    this.loop = loop;
    this.timeout = timeout;
    this.tickNanos = Math.clamp(timeout.toNanos() / 4, MIN_TICK_NANOS, MAX_TICK_NANOS);
    this.clock = clock;
    this.lag = lag;
  }

  /**
   * Gives this command up when its time has passed without a reply. Its time begins when the loop
   * takes it, which is when the loop can write it. Any thread; never blocks.
   */
  void watch(ScriptCommand command) {
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

  private void add(ScriptCommand command) {
    long nowNanos = clock.getAsLong();
    if (ticking) {
      countPause(nowNanos);
    }
    // Nearly always this leaves none but those that are under way.
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

  /** Whether by the tick or by a new command, the loop's standing still shows in being late. */
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
    // Not only the oldest: a silent node of a cluster must not keep the others' commands in memory.
    pending.removeIf(ScriptCommand::isDone);
    lookedNanos = nowNanos - pausedNanos;
    if (!pending.isEmpty() && pending.element().dueNanos <= lookedNanos) {
      var _ = loop.schedule(giveUp, LOOK_NANOS, TimeUnit.NANOSECONDS);
    } else {
      goOn();
    }
  }

  private void giveUp() {
    try {
      while (!pending.isEmpty() && pending.element().dueNanos <= lookedNanos) {
        pending
            .remove()
            .completeExceptionally(
                new RedisCommandTimeoutException("no reply within " + timeout.toMillis() + " ms"));
      }
    } finally {
      goOn();
    }
  }

  private void goOn() {
    if (pending.isEmpty()) {
      ticking = false;
    } else {
      long left = pending.element().dueNanos - lookedNanos;
      tickAfter(Math.clamp(left, MIN_TICK_NANOS, tickNanos));
    }
  }
}
