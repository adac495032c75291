package io.ratelimiter.load.stack;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Reads the {@code /metrics} of a service. */
public final class Metrics implements AutoCloseable {

  private static final Duration MAX_WAIT = Duration.ofMinutes(2);
  private static final Duration POLL = Duration.ofMillis(100);

  private final HttpClient client = HttpClient.newHttpClient();
  private final HttpRequest request;

  public Metrics(int port) {
    this.request =
        HttpRequest.newBuilder(URI.create("http://localhost:" + port + "/metrics"))
            .timeout(Duration.ofSeconds(10))
            .build();
  }

  /** Blocks until Kafka has confirmed every decision; fails after 2 min. */
  public void awaitAllPublished() {
    await("every decision to be confirmed", this::allPublished);
  }

  /** Blocks until this gauge is 0; fails after 2 min. */
  public void awaitZero(String gauge) {
    await(gauge + " to be 0", () -> value(text(), gauge) == 0);
  }

  private static void await(String what, BooleanSupplier condition) {
    long deadline = System.nanoTime() + MAX_WAIT.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - deadline > 0) {
        throw new IllegalStateException("waited %s for %s".formatted(MAX_WAIT, what));
      }
      LockSupport.parkNanos(POLL.toNanos());
    }
  }

  private boolean allPublished() {
    String text = text();
    double issued = value(text, "ratelimiter_decisions_issued_total");
    return issued == value(text, "ratelimiter_decisions_acked_total")
        && value(text, "ratelimiter_decisions_in_flight") == 0
        && value(text, "ratelimiter_decisions_spooled") == 0;
  }

  /** The sum over all labels; NaN, which equals nothing, if the metric is missing. */
  private static double value(String text, String name) {
    return text.lines()
        .filter(line -> line.startsWith(name + " ") || line.startsWith(name + "{"))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .reduce(Double::sum)
        .orElse(Double.NaN);
  }

  private String text() {
    try {
      return client.send(request, BodyHandlers.ofString()).body();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    client.close();
  }
}
