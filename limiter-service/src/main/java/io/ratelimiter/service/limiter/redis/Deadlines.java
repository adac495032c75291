package io.ratelimiter.service.limiter.redis;

import io.lettuce.core.internal.ExceptionFactory;
import io.lettuce.core.protocol.RedisCommand;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Ends commands that were not answered in time, as Lettuce's own watch would. That one keeps a
 * timer, a stage and two lambdas for each command; but all of ours have the same timeout, so they
 * stand here in the order of their deadlines, and a look at the first ones now and then is enough.
 * Thread-safe, never blocks.
 */
final class Deadlines {

  private static final Duration LOOK = Duration.ofMillis(5);

  private record Watched(RedisCommand<?, ?, ?> command, long deadlineNanos) {}

  private final Duration timeout;
  private final LongSupplier nanoTime;
  private final Queue<Watched> watched = new ConcurrentLinkedQueue<>();

  /**
   * Watches nothing yet.
   *
   * @param timeout of every command
   * @param nanoTime as {@link System#nanoTime()}
   */
  Deadlines(Duration timeout, LongSupplier nanoTime) {
    this.timeout = timeout;
    this.nanoTime = nanoTime;
  }

  Duration timeout() {
    return timeout;
  }

  /** The command is about to be sent. */
  void watch(RedisCommand<?, ?, ?> command) {
    watched.add(new Watched(command, nanoTime.getAsLong() + timeout.toNanos()));
  }

  /**
   * Begins to look, until the executor ends.
   *
   * @param executor ends commands, too; whoever waits for one may go on there
   */
  void start(ScheduledExecutorService executor) {
    long millis = LOOK.toMillis();
    var _ =
        executor.scheduleAtFixedRate(() -> sweep(executor), millis, millis, TimeUnit.MILLISECONDS);
  }

  /** Forgets what is answered and ends what is late. By one thread at a time. */
  void sweep(Executor executor) {
    long nowNanos = nanoTime.getAsLong();
    Watched first = watched.peek();
    while (first != null && (first.command.isDone() || nowNanos - first.deadlineNanos >= 0)) {
      watched.remove();
      RedisCommand<?, ?, ?> command = first.command;
      if (!command.isDone()) {
        executor.execute(() -> end(command));
      }
      first = watched.peek();
    }
  }

  private void end(RedisCommand<?, ?, ?> command) {
    var _ =
        command.completeExceptionally(
            ExceptionFactory.createTimeoutException(command.getType().toString(), timeout));
  }
}
