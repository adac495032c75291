package io.ratelimiter.service.limiter.faults;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntFunction;

/**
 * Sends checks as fast as they are answered, over many connections with one request in flight each.
 * Uses two threads and prepared bytes, so that mainly the service is measured.
 */
final class Hammer {

  private static final int THREADS = 2;
  private static final int CONNECTIONS_EACH = 32;

  /**
   * The result.
   *
   * @param cpuNanos CPU time of all threads of this process except the hammer's own
   */
  record Result(long checks, long nanos, long cpuNanos) {

    double perSecond() {
      return checks * 1e9 / nanos;
    }

    double cpuMicros() {
      return cpuNanos / 1_000.0 / checks;
    }
  }

  private final URI service;
  private final byte[][] requests;

  /** Sends checks of one unit for clients 0 … n−1 in turn. */
  Hammer(URI service, String tenant, int clients, IntFunction<String> name) {
    this.service = service;
    this.requests = new byte[clients][];
    for (int i = 0; i < clients; i++) {
      requests[i] = request(tenant, name.apply(i));
    }
  }

  private static byte[] request(String tenant, String client) {
    String body = "{\"tenant\":\"%s\",\"client_id\":\"%s\"}".formatted(tenant, client);
    return ("POST /v1/check HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
            + "Content-Length: "
            + body.length()
            + "\r\n\r\n"
            + body)
        .getBytes(StandardCharsets.US_ASCII);
  }

  /** Sends checks for this time; blocks. */
  Result run(Duration duration) {
    AtomicLong checks = new AtomicLong();
    AtomicLong own = new AtomicLong();
    long start = System.nanoTime();
    long end = start + duration.toNanos();
    long cpu = processCpuNanos();
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < THREADS; i++) {
      int first = i;
      threads.add(
          Thread.ofPlatform()
              .name("hammer-" + i)
              .start(() -> {
                checks.addAndGet(run(first, end));
                own.addAndGet(ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime());
              }));
    }
    threads.forEach(Hammer::join);
    return new Result(checks.get(), System.nanoTime() - start, processCpuNanos() - cpu - own.get());
  }

  private static void join(Thread thread) {
    try {
      thread.join();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private long run(int first, long endNanos) {
    List<Socket> sockets = new ArrayList<>();
    List<InputStream> answers = new ArrayList<>();
    try {
      for (int i = 0; i < CONNECTIONS_EACH; i++) {
        Socket socket = new Socket(service.getHost(), service.getPort());
        socket.setTcpNoDelay(true);
        sockets.add(socket);
        answers.add(new BufferedInputStream(socket.getInputStream(), 4_096));
      }
      long done = 0;
      for (int next = first; System.nanoTime() < endNanos; done += CONNECTIONS_EACH) {
        for (Socket socket : sockets) {
          socket.getOutputStream().write(requests[next % requests.length]);
          next += THREADS;
        }
        for (InputStream answer : answers) {
          readAnswer(answer);
        }
      }
      for (Socket socket : sockets) {
        socket.close();
      }
      return done;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void readAnswer(InputStream in) throws IOException {
    StringBuilder head = new StringBuilder(300);
    while (head.length() < 4 || head.indexOf("\r\n\r\n", head.length() - 4) < 0) {
      int next = in.read();
      if (next < 0) {
        throw new IOException("cut off: " + head);
      }
      head.append((char) next);
    }
    String text = head.toString().toLowerCase(java.util.Locale.ROOT);
    if (!text.startsWith("http/1.1 200")) {
      throw new IOException(text);
    }
    int at = text.indexOf("content-length: ") + "content-length: ".length();
    in.skipNBytes(Long.parseLong(text.substring(at, text.indexOf('\r', at))));
  }

  private static long processCpuNanos() {
    return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
        .getProcessCpuTime();
  }
}
