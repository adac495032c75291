package io.ratelimiter.service.api.eventloop;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The callers whose connections live on one event loop, and their clock: twice a second it looks
 * who is late. One timer for all of them, and no system call for the time in between: a timer for
 * each exchange would cost more than the exchange's own bookkeeping. Used on the loop alone.
 */
final class LoopCallers {

  private static final Logger log = LoggerFactory.getLogger(LoopCallers.class);

  private static final long TICK_MILLIS = 500;

  private final EventLoop loop;
  private final Responses responses;
  private final Set<CallerConnection> connections =
      Collections.newSetFromMap(new IdentityHashMap<>());
  private final ScheduledFuture<?> ticking;
  private long nowNanos = System.nanoTime();

  LoopCallers(EventLoop loop, Duration idle) {
    this.loop = loop;
    responses = new Responses(idle);
    responses.tick(Instant.now());
    ticking = loop.scheduleAtFixedRate(this::tick, TICK_MILLIS, TICK_MILLIS, TimeUnit.MILLISECONDS);
  }

  private void tick() {
    nowNanos = System.nanoTime();
    responses.tick(Instant.now());
    // A copy, since whoever is cut off leaves the set.
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
