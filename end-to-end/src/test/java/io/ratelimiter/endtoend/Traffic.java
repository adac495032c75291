package io.ratelimiter.endtoend;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Sends checks of several clients, some of them blocked, until it is closed. */
final class Traffic implements AutoCloseable {

  private static final List<String> CLIENTS =
      List.of("api_client", "api_client", "premium_client", "acme-web", "acme-web", "crawler-x");
  private static final List<String> KEYS = List.of("global", "/orders", "/search", "/login");
  private static final long EVERY_MILLIS = 125;
  private static final int MAX_AT_ONCE = 12;

  private final HttpClient http = HttpClient.newHttpClient();
  private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
  private final Random random = new Random(4);
  private final URI batch;

  Traffic(int port) {
    batch = URI.create("http://localhost:" + port + "/v1/check/batch");
    timer.scheduleAtFixedRate(this::send, 0, EVERY_MILLIS, TimeUnit.MILLISECONDS);
  }

  private void send() {
    String checks =
        IntStream.rangeClosed(0, random.nextInt(MAX_AT_ONCE))
            .mapToObj(_ ->
                "{\"client_id\":\"%s\",\"limit_key\":\"%s\"}".formatted(any(CLIENTS), any(KEYS)))
            .collect(Collectors.joining(",", "{\"checks\":[", "]}"));
    HttpRequest request =
        HttpRequest.newBuilder(batch)
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(checks))
            .build();
    var _ = http.sendAsync(request, BodyHandlers.discarding());
  }

  private String any(List<String> all) {
    return all.get(random.nextInt(all.size()));
  }

  @Override
  public void close() {
    timer.shutdownNow();
    http.close();
  }
}
