package io.ratelimiter.endtoend;

import io.ratelimiter.localstack.Ports;
import io.ratelimiter.localstack.junit.SystemPrograms;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A real Prometheus with the shipped configuration, and seconds in place of minutes. */
final class Prometheus implements AutoCloseable {

  /** Interval of scrapes and rule evaluations. */
  static final Duration SCRAPE = Duration.ofSeconds(2);

  private static final Path SHIPPED = Path.of("../deploy/prometheus");
  private static final JsonMapper JSON = new JsonMapper();

  /** One sample of a query result. */
  record Sample(Map<String, String> labels, double value) {}

  private final HttpClient http = HttpClient.newHttpClient();
  private final Process process;
  private final URI api;

  private Prometheus(Process process, int port) {
    this.process = process;
    this.api = URI.create("http://127.0.0.1:" + port + "/api/v1/");
  }

  /** Starts Prometheus for this product. */
  static Prometheus start(Path folder, Product product) {
    int port = Ports.free();
    try {
      Files.createDirectories(folder);
      Files.writeString(folder.resolve("prometheus.yml"), configuration(product));
      for (String rules : List.of("recording.yml", "alerts.yml")) {
        Files.writeString(
            folder.resolve(rules), shortened(Files.readString(SHIPPED.resolve(rules))));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Process process =
        SystemPrograms.start(
            folder.resolve("prometheus.log"),
            List.of(
                "prometheus",
                "--config.file=" + folder.resolve("prometheus.yml"),
                "--storage.tsdb.path=" + folder.resolve("data"),
                "--web.listen-address=127.0.0.1:" + port));
    Prometheus started = new Prometheus(process, port);
    Awaitility.await()
        .atMost(Duration.ofSeconds(60))
        .ignoreExceptions()
        .until(() -> started.query("sum(up)").stream().anyMatch(up -> up.value() == 2));
    return started;
  }

  private static String configuration(Product product) throws IOException {
    return Files.readString(SHIPPED.resolve("prometheus.yml"))
        .replace("interval: 5s", "interval: " + SCRAPE.toSeconds() + "s")
        .replace(
            "[\"limiter-1:8000\", \"limiter-2:8000\"]",
            "[\"127.0.0.1:" + product.port("PORT") + "\"]")
        .replace("auditor:8010", "127.0.0.1:" + product.port("AUDITOR_PORT"));
  }

  /**
   * The rules with seconds in place of minutes, and with thresholds for tests: a busy machine may
   * be slower than 25 ms, and a lag of ten thousand takes longer than seconds.
   */
  private static String shortened(String rules) {
    return rules
        .replaceAll("for: \\d+[sm]", "for: 4s")
        .replace("[5m]", "[20s]")
        .replace("[10m]", "[40s]")
        .replace("[1h] offset 10m", "[1m] offset 20s")
        .replace("check_duration:p95_5m > 0.025", "check_duration:p95_5m > 0.4")
        .replace("redis_call_duration:p95_5m > 0.01", "redis_call_duration:p95_5m > 0.4")
        .replace("age_seconds > 60", "age_seconds > 10")
        .replace("lag_records >= 0) > 10000", "lag_records >= 0) > 100");
  }

  /** Result of a query now. */
  List<Sample> query(String query) {
    return query(query, Instant.now());
  }

  /** Result of a query at this time. */
  List<Sample> query(String query, Instant at) {
    JsonNode answer = get("query?query=" + encoded(query) + "&time=" + at.toEpochMilli() / 1e3);
    if (!answer.get("status").stringValue().equals("success")) {
      throw new AssertionError(query + ": " + answer.get("error").stringValue());
    }
    List<Sample> samples = new ArrayList<>();
    for (JsonNode one : answer.get("data").get("result")) {
      Map<String, String> labels = new TreeMap<>();
      one.get("metric")
          .properties()
          .forEach(l -> labels.put(l.getKey(), l.getValue().stringValue()));
      samples.add(new Sample(labels, Double.parseDouble(one.get("value").get(1).stringValue())));
    }
    return samples;
  }

  /** Result of a query with exactly one sample. */
  double number(String query, Instant at) {
    List<Sample> answer = query(query, at);
    if (answer.size() != 1) {
      throw new AssertionError(query + " has " + answer.size() + " answers");
    }
    return answer.getFirst().value();
  }

  /** Names of firing alerts. */
  List<String> firing() {
    return query("ALERTS{alertstate=\"firing\"}").stream()
        .map(alert -> alert.labels().get("alertname"))
        .distinct()
        .toList();
  }

  private JsonNode get(String path) {
    HttpRequest request =
        HttpRequest.newBuilder(api.resolve(path)).timeout(Duration.ofSeconds(10)).build();
    try {
      HttpResponse<String> response = http.send(request, BodyHandlers.ofString());
      return JSON.readTree(response.body());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(20, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    http.close();
  }
}
