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
 * Closed-loop load: each connection sends its next request once the last one was answered. It
 * measures throughput. Latency is measured by {@link OpenLoop}: here a slow answer delays the
 * requests after it, whose waiting time is then missing.
 *
 * <p>Runs on the calling thread. At the end it waits up to 15 s for outstanding answers, so that
 * answers and published decisions can be compared exactly.
 */
public final class ClosedLoop {

  private static final long LAST_ANSWERS_NANOS = TimeUnit.SECONDS.toNanos(15);
  private static final long SELECT_MILLIS = 100;
  private static final long MAX_MICROS = 60_000_000;

  private final OpenLoop.Load load;
  private final long endNanos;
  private final Histogram micros = new Histogram(MAX_MICROS, 3);
  private final List<HttpConnection> open = new ArrayList<>();
  private int waiting;
  private long sent;
  private long answered;
  private long failed;
  private long allowed;

  private ClosedLoop(OpenLoop.Load load, Duration time) {
    this.load = load;
    this.endNanos = System.nanoTime() + time.toNanos();
  }

  /** Sends load for this time. Blocks. */
  public static Saturation run(OpenLoop.Load load, Duration time) {
    ClosedLoop loop = new ClosedLoop(load, time);
    long beganNanos = System.nanoTime();
    try (Selector selector = Selector.open()) {
      loop.exchange(selector);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return loop.done(System.nanoTime() - beganNanos);
  }

  private Saturation done(long nanos) {
    return new Saturation(
        new Measured(sent, answered, 0, failed, micros), allowed, Duration.ofNanos(nanos));
  }

  private void exchange(Selector selector) throws IOException {
    for (int i = 0; i < load.connections(); i++) {
      HttpConnection connection = HttpConnection.open(load.port(), selector);
      open.add(connection);
      send(connection);
    }
    while (waiting > 0 && System.nanoTime() - endNanos < LAST_ANSWERS_NANOS) {
      selector.select(this::receive, SELECT_MILLIS);
    }
    for (HttpConnection connection : open) {
      connection.close();
    }
  }

  private void send(HttpConnection connection) throws IOException {
    waiting++;
    connection.send(load.request().apply(sent++), System.nanoTime());
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
      // The request stays counted as sent but not answered: the verdict reports it.
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
