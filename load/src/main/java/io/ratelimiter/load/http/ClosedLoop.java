package io.ratelimiter.load.http;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/**
 * Asks as fast as it is answered: each connection sends its next request when the last one was
 * answered. What it finds is how much a service can do; how long callers wait is for {@link
 * OpenLoop}, since here a slow answer holds up the requests that it would have slowed down.
 *
 * <p>Runs on the calling thread. When the time is up the last answers are waited for, so that what
 * was asked and what was decided can be compared to the last one.
 */
public final class ClosedLoop {

  private static final long LAST_ANSWERS_NANOS = TimeUnit.SECONDS.toNanos(15);
  private static final long LOOK_MILLIS = 100;
  private static final long MAX_MICROS = 60_000_000;

  private final OpenLoop.Target target;
  private final long endNanos;
  private final Histogram micros = new Histogram(MAX_MICROS, 3);
  private final List<HttpConnection> open = new ArrayList<>();
  private int waiting;
  private long sent;
  private long answered;
  private long failed;
  private long allowed;

  private ClosedLoop(OpenLoop.Target target, Duration time) {
    this.target = target;
    this.endNanos = System.nanoTime() + time.toNanos();
  }

  /** Asks for so long; blocks. */
  public static Saturation run(OpenLoop.Target target, Duration time) {
    ClosedLoop loop = new ClosedLoop(target, time);
    long beganNanos = System.nanoTime();
    try (Selector selector = Selector.open()) {
      loop.ask(selector);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return loop.done(System.nanoTime() - beganNanos);
  }

  private Saturation done(long nanos) {
    return new Saturation(
        new Measured(sent, answered, 0, failed, micros), allowed, Duration.ofNanos(nanos));
  }

  private void ask(Selector selector) throws IOException {
    for (int i = 0; i < target.connections(); i++) {
      HttpConnection connection = HttpConnection.open(target.port(), selector);
      open.add(connection);
      send(connection);
    }
    while (waiting > 0 && System.nanoTime() - endNanos < LAST_ANSWERS_NANOS) {
      selector.select(this::receive, LOOK_MILLIS);
    }
    for (HttpConnection connection : open) {
      connection.close();
    }
  }

  private void send(HttpConnection connection) throws IOException {
    waiting++;
    connection.send(target.request().apply(sent++), System.nanoTime());
  }

  private void receive(SelectionKey key) {
    HttpConnection connection = (HttpConnection) key.attachment();
    try {
      if (connection.read()) {
        long now = System.nanoTime();
        waiting--;
        count(connection, now);
        if (now - endNanos < 0) {
          send(connection);
        }
      }
    } catch (IOException _) {
      // Counted as sent and never answered, which the run's verdict says.
      waiting--;
      key.cancel();
    }
  }

  private void count(HttpConnection connection, long now) {
    answered++;
    micros.recordValue((now - connection.dueNanos()) / 1_000);
    failed += connection.status() == 200 ? 0 : 1;
    allowed += connection.allowed() ? 1 : 0;
  }
}
