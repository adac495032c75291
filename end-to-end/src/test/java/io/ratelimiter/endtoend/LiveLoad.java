package io.ratelimiter.endtoend;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Sends a thousand checks per second, in batches of fifty, until it is closed. */
final class LiveLoad implements AutoCloseable {

  private static final int BATCH = 50;
  private static final long EVERY_MILLIS = 50;

  private final HttpClient http = HttpClient.newHttpClient();
  private final ScheduledExecutorService timer = Executors.newScheduledThreadPool(2);
  private final AtomicLong decided = new AtomicLong();
  private final URI batch;

  LiveLoad(int port) {
    batch = URI.create("http://localhost:" + port + "/v1/check/batch");
    timer.scheduleAtFixedRate(this::send, 0, EVERY_MILLIS, TimeUnit.MILLISECONDS);
  }

  /** Number of checks answered so far. */
  long decided() {
    return decided.get();
  }

  private void send() {
    String checks =
        IntStream.range(0, BATCH)
            .mapToObj(i -> "{\"client_id\":\"load-%d\"}".formatted(i % 20))
            .collect(Collectors.joining(",", "{\"checks\":[", "]}"));
    HttpRequest request =
        HttpRequest.newBuilder(batch)
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(checks))
            .build();
    var _ =
        http.sendAsync(request, BodyHandlers.discarding())
            .thenAccept(answer -> {
              if (answer.statusCode() == 200) {
                decided.addAndGet(BATCH);
              }
            });
  }

  @Override
  public void close() {
    timer.shutdownNow();
    http.close();
  }
}
