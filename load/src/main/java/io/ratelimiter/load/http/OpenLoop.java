package io.ratelimiter.load.http;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.LongFunction;
import org.HdrHistogram.Histogram;

/**
 * Open-loop load: sends requests at a fixed rate, independent of the answers. The time of a request
 * counts from when it was due, not from when a connection was free, so that waiting for a slow
 * service is included (avoids Gil Tene's coordinated omission).
 *
 * <p>Uses one thread, which costs little beside the measured service on a small machine. While no
 * connection can be opened, due requests count as refused.
 */
public final class OpenLoop {

  private static final long NANOS = 1_000_000_000;
  private static final long PAUSE_NANOS = 100_000;
  private static final long RECONNECT_NANOS = 100_000_000;
  private static final long LAST_ANSWERS_NANOS = 15 * NANOS;
  private static final long MAX_MICROS = 120_000_000;

  private final Load load;
  private final Consumer<Answer> answers;
  private final long gapNanos;
  private final CompletableFuture<Measured> measured = new CompletableFuture<>();
  private final Histogram micros = new Histogram(MAX_MICROS, 3);
  private final Deque<Long> waiting = new ArrayDeque<>();
  private final Deque<HttpConnection> idle = new ArrayDeque<>();
  private final List<HttpConnection> all = new ArrayList<>();
  private volatile boolean stopping;
  private long nextConnectNanos = System.nanoTime();
  private long sent;
  private long answered;
  private long refused;
  private long failed;

  /**
   * Where requests are sent, and which.
   *
   * @param port of this machine
   * @param connections number of open connections
   * @param request returns the complete request for its number, from 0
   */
  public record Load(int port, int connections, LongFunction<byte[]> request) {}

  private OpenLoop(Load load, int perSecond, Consumer<Answer> answers) {
    this.load = load;
    this.answers = answers;
    this.gapNanos = NANOS / perSecond;
  }

  /** Starts the load. The consumer gets each answer on the load's thread and must not block. */
  public static OpenLoop start(Load load, int perSecond, Consumer<Answer> answers) {
    OpenLoop loop = new OpenLoop(load, perSecond, answers);
    Thread.ofPlatform().daemon().name("open-loop").start(loop::run);
    return loop;
  }

  /** Sends load for this time and waits for outstanding answers. Blocks. */
  public static Measured run(Load load, int perSecond, Duration time, Consumer<Answer> answers) {
    OpenLoop loop = start(load, perSecond, answers);
    long end = System.nanoTime() + time.toNanos();
    while (System.nanoTime() - end < 0) {
      LockSupport.parkNanos(end - System.nanoTime());
    }
    return loop.stop();
  }

  /** Stops sending, waits up to 15 s for outstanding answers and returns the results. */
  public Measured stop() {
    stopping = true;
    return measured.join();
  }

  private void run() {
    try (Selector selector = Selector.open()) {
      loop(selector);
      for (HttpConnection connection : all) {
        connection.close();
      }
      measured.complete(new Measured(sent, answered, refused, failed, micros));
    } catch (IOException | RuntimeException e) {
      measured.completeExceptionally(e);
    }
  }

  private void loop(Selector selector) {
    long dueNanos = System.nanoTime();
    long endNanos = Long.MAX_VALUE;
    boolean ending = false;
    while (!ending || (pending() && System.nanoTime() - endNanos < 0)) {
      if (!ending && stopping) {
        ending = true;
        endNanos = System.nanoTime() + LAST_ANSWERS_NANOS;
      }
      for (; !ending && dueNanos - System.nanoTime() <= 0; dueNanos += gapNanos) {
        waiting.add(dueNanos);
      }
      connect(selector);
      dispatch();
      if (!receive(selector)) {
        LockSupport.parkNanos(PAUSE_NANOS);
      }
    }
  }

  private boolean pending() {
    return !waiting.isEmpty() || all.size() > idle.size();
  }

  private void connect(Selector selector) {
    long now = System.nanoTime();
    if (all.size() == load.connections() || now - nextConnectNanos < 0) {
      return;
    }
    try {
      while (all.size() < load.connections()) {
        HttpConnection connection = HttpConnection.open(load.port(), selector);
        all.add(connection);
        idle.add(connection);
      }
    } catch (IOException _) {
      nextConnectNanos = now + RECONNECT_NANOS;
    }
  }

  private void dispatch() {
    if (all.isEmpty()) {
      refused += waiting.size();
      waiting.clear();
    }
    while (!waiting.isEmpty() && !idle.isEmpty()) {
      HttpConnection connection = idle.poll();
      long due = waiting.remove();
      sent++;
      try {
        connection.send(load.request().apply(sent - 1), due);
      } catch (IOException _) {
        end(connection);
      }
    }
  }

  private boolean receive(Selector selector) {
    try {
      return selector.selectNow(this::receive) > 0;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void receive(SelectionKey key) {
    HttpConnection connection = (HttpConnection) key.attachment();
    try {
      if (connection.read()) {
        Answer answer = connection.answer(System.nanoTime());
        micros.recordValue((answer.atNanos() - connection.dueNanos()) / 1_000);
        answered++;
        failed += answer.status() == 200 ? 0 : 1;
        idle.add(connection);
        answers.accept(answer);
      }
    } catch (IOException _) {
      end(connection);
    }
  }

  /** Closes a failed connection; its request stays without an answer. */
  private void end(HttpConnection connection) {
    all.remove(connection);
    idle.remove(connection);
    try {
      connection.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
