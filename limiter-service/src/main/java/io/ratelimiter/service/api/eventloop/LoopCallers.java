package io.ratelimiter.service.api.eventloop;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The connections of one event loop, and their clock: twice a second it ends those that are late.
 * One timer for all of them, and no system call for the time in between: a timer for each exchange
 * would cost more than the exchange's own bookkeeping. Used on the loop alone.
 *
 * <p>Also bounds how many of them have begun a request and not completed it. A request that comes
 * in one piece, as nearly all do, is never counted; of too many the oldest is ended.
 */
final class LoopCallers {

  private static final Logger log = LoggerFactory.getLogger(LoopCallers.class);

  /** The deadline of what may take any time. */
  static final long NEVER = Long.MIN_VALUE;

  private static final long TICK_MILLIS = 500;

  private final EventLoop loop;
  private final Responses responses;
  private final int maxIncomplete;
  private final Set<CallerConnection> connections = new LinkedHashSet<>();
  private final Set<CallerConnection> incompleteOldestFirst = new LinkedHashSet<>();
  private final ScheduledFuture<?> ticking;
  private long nowNanos = System.nanoTime();

  /**
   * No connections.
   *
   * @param idle how long a connection may wait for its next request
   * @param maxIncomplete how many may have begun a request and not completed it
   */
  LoopCallers(EventLoop loop, Duration idle, int maxIncomplete) {
    this.loop = loop;
    this.maxIncomplete = maxIncomplete;
    responses = new Responses(idle);
    responses.tick(Instant.now());
    ticking = loop.scheduleAtFixedRate(this::tick, TICK_MILLIS, TICK_MILLIS, TimeUnit.MILLISECONDS);
  }

  private void tick() {
    nowNanos = System.nanoTime();
    responses.tick(Instant.now());
    // A copy, since a connection that is ended leaves the set.
    for (CallerConnection connection : connections.toArray(CallerConnection[]::new)) {
      expire(connection);
    }
  }

  /** One that fails must not stop the clock of all others. */
  private void expire(CallerConnection connection) {
    try {
      connection.expire(nowNanos);
    } catch (RuntimeException e) {
      log.warn("A connection could not be ended", e);
    }
  }

  EventLoop loop() {
    return loop;
  }

  Responses responses() {
    return responses;
  }

  /** Up to a tick old. */
  long nowNanos() {
    return nowNanos;
  }

  void opened(CallerConnection connection) {
    connections.add(connection);
  }

  void closed(CallerConnection connection) {
    connections.remove(connection);
  }

  /** A request has begun on it, and the rest is awaited. */
  void begun(CallerConnection connection) {
    incompleteOldestFirst.add(connection);
    if (incompleteOldestFirst.size() > maxIncomplete) {
      incompleteOldestFirst.iterator().next().shed();
    }
  }

  /** Its request is complete, or ended. */
  void completed(CallerConnection connection) {
    incompleteOldestFirst.remove(connection);
  }

  /**
   * Ends the oldest connection on which no whole request has come since it was opened or last
   * answered, and that is not just waiting for one; from any thread.
   */
  void shedOldest() {
    loop.execute(() -> {
      for (CallerConnection connection : connections) {
        if (connection.begun()) {
          connection.shed();
          return;
        }
      }
    });
  }

  /** Closes what waits for a request; from any thread. */
  void closeIdle() {
    loop.execute(() -> {
      for (CallerConnection connection : connections.toArray(CallerConnection[]::new)) {
        connection.closeIfIdle();
      }
    });
  }

  /** Closes what is still open; from any thread. */
  void closeAll() {
    ticking.cancel(false);
    loop.execute(() -> {
      for (CallerConnection connection : connections.toArray(CallerConnection[]::new)) {
        connection.close();
      }
    });
  }
}
