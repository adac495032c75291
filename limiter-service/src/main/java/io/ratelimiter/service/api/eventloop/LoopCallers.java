package io.ratelimiter.service.api.eventloop;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The connections of one event loop, and their clock, which enforces time limits twice a second.
 * All share one timer, and between its ticks the time is not read: a timer for each request would
 * cost more than all other bookkeeping of the request. Used on the loop alone.
 *
 * <p>Also limits how many connections have an incomplete request; beyond the limit the oldest is
 * shed. A request that arrives in one piece, as nearly all do, is never counted.
 */
final class LoopCallers {

  private static final Logger log = LoggerFactory.getLogger(LoopCallers.class);

  private static final long TICK_MILLIS = 500;

  private final EventLoop loop;
  private final Responses responses;
  private final int maxIncomplete;
  private final Set<CallerConnection> connections = new LinkedHashSet<>();
  private final Set<CallerConnection> incompleteOldestFirst = new LinkedHashSet<>();
  private final ScheduledFuture<?> ticking;
  private long nowNanos = System.nanoTime();

  /**
   * Starts the clock.
   *
   * @param idle max time between two requests of a connection
   * @param maxIncomplete max number of connections with an incomplete request
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
    // A copy, since a connection that ends is removed from the set.
    for (CallerConnection connection : connections.toArray(CallerConnection[]::new)) {
      expire(connection);
    }
  }

  /** A failure must not stop the clock of the other connections. */
  private void expire(CallerConnection connection) {
    try {
      connection.expire(nowNanos);
    } catch (RuntimeException e) {
      log.warn("A time limit could not be enforced", e);
    }
  }

  EventLoop loop() {
    return loop;
  }

  Responses responses() {
    return responses;
  }

  /** Time of the last tick, max 0.5 s ago. */
  long nowNanos() {
    return nowNanos;
  }

  void opened(CallerConnection connection) {
    connections.add(connection);
  }

  void closed(CallerConnection connection) {
    connections.remove(connection);
  }

  /** A part of a request has arrived on the connection, and the rest is awaited. */
  void begun(CallerConnection connection) {
    incompleteOldestFirst.add(connection);
    if (incompleteOldestFirst.size() > maxIncomplete) {
      incompleteOldestFirst.iterator().next().shed();
    }
  }

  /** The request on the connection is complete, or has been answered. */
  void completed(CallerConnection connection) {
    incompleteOldestFirst.remove(connection);
  }

  /**
   * Sheds the oldest connection that is new or has an incomplete request; does nothing when all are
   * idle or being answered. From any thread.
   */
  void shedOldest() {
    loop.execute(() -> {
      for (CallerConnection connection : connections) {
        if (connection.shed()) {
          return;
        }
      }
    });
  }

  /** Closes the idle connections; from any thread. */
  void closeIdle() {
    onAll(CallerConnection::closeIfIdle);
  }

  /** Sends all held answers now; from any thread. */
  void releaseHeld() {
    onAll(CallerConnection::releaseHeld);
  }

  /** Closes all connections; from any thread. */
  void closeAll() {
    ticking.cancel(false);
    onAll(CallerConnection::close);
  }

  private void onAll(Consumer<CallerConnection> action) {
    loop.execute(() -> {
      for (CallerConnection connection : connections.toArray(CallerConnection[]::new)) {
        action.accept(connection);
      }
    });
  }
}
