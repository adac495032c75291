package io.ratelimiter.service.ops;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.ratelimiter.localstack.RedisServer;
import io.ratelimiter.localstack.junit.LocalStack;
import io.ratelimiter.service.ServiceUnderTest;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.slf4j.LoggerFactory;

/** Metrics and logs for operators. */
@LocalStack
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OpsIT {

  private static final Pattern ROW =
      Pattern.compile("(?m)^\\| `(\\w+)` \\| (counter|gauge|histogram) \\| ([^|]*) \\|");
  private static final Pattern TYPE =
      Pattern.compile("(?m)^# TYPE (ratelimiter_\\w+) (counter|gauge|histogram)$");

  private final HttpClient http = HttpClient.newHttpClient();
  private ServiceUnderTest service;

  @BeforeAll
  void start(RedisServer redis) {
    service = new ServiceUnderTest(Map.of("REDIS_PORT", Integer.toString(redis.port())));
  }

  @AfterAll
  void stop() {
    service.close();
    http.close();
  }

  @Test
  void theReadmeNamesEveryMetricWithTypeAndLabels() throws Exception {
    check("{\"client_id\":\"default\"}");
    check("{\"client_id\":\"reserving\"}");
    String metrics = get("/metrics").body();

    Map<String, String> served = new TreeMap<>();
    TYPE.matcher(metrics)
        .results()
        .filter(found -> !found.group(1).endsWith("_max"))
        .forEach(found ->
            served.put(found.group(1), found.group(2) + " " + labels(metrics, found.group(1))));

    assertThat(served).containsExactlyInAnyOrderEntriesOf(documented());
    // Endings that Prometheus keeps for counters and for parts of histograms.
    assertThat(served)
        .allSatisfy((name, type) ->
            assertThat(!type.startsWith("gauge") || !name.matches(".*_(count|sum|bucket|total)"))
                .as(name)
                .isTrue());
  }

  private static Map<String, String> documented() throws IOException {
    return ROW.matcher(Files.readString(Path.of("README.md")))
        .results()
        .collect(
            Collectors.toMap(
                row -> row.group(1), row -> row.group(2) + " " + row.group(3).replace("`", "")));
  }

  /** The labels of the family's first series, in their order. */
  private static String labels(String metrics, String family) {
    var series =
        Pattern.compile("(?m)^" + family + "(?:_bucket)?(?:\\{(.*)})? \\S+$").matcher(metrics);
    assertThat(series.find()).as(family).isTrue();
    return series.group(1) == null
        ? ""
        : Pattern.compile("(\\w+)=\"[^\"]*\"")
            .matcher(series.group(1))
            .results()
            .map(label -> label.group(1))
            .filter(label -> !label.equals("le"))
            .collect(Collectors.joining(", "));
  }

  @Test
  void noCallerCanCreateASeries() throws Exception {
    sendEverything("one");
    List<String> before = series();

    sendEverything("another");

    assertThat(series()).isEqualTo(before);
  }

  /** Sends allowed, blocked and invalid checks, and requests for unknown paths, with this name. */
  private void sendEverything(String name) throws Exception {
    for (int i = 0; i < 150; i++) {
      check("{\"client_id\":\"%s\",\"limit_key\":\"/%s\"}".formatted(name, name));
      check("{\"client_id\":\"%s-%d\",\"limit_key\":\"/%d\"}".formatted(name, i, i));
      check("{\"client_id\":\"%s\",\"cost\":-1}".formatted(name));
      get("/" + name + "/" + i);
    }
    get("/metrics");
  }

  private List<String> series() throws Exception {
    return get("/metrics")
        .body()
        .lines()
        .filter(line -> line.startsWith("ratelimiter_"))
        .map(line -> line.substring(0, line.lastIndexOf(' ')))
        .toList();
  }

  @Test
  void noRequestIsALineInTheLog() throws Exception {
    Logger root = (Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME);
    ListAppender<ILoggingEvent> written = new ListAppender<>();
    written.start();
    root.addAppender(written);
    try {
      for (int i = 0; i < 200; i++) {
        check("{\"client_id\":\"api_client\"}");
        check("{\"client_id\":1}");
        get("/rules");
        get("/nowhere");
      }
    } finally {
      root.detachAppender(written);
    }
    assertThat(List.copyOf(written.list))
        .filteredOn(event -> event.getLevel().isGreaterOrEqual(Level.INFO))
        .extracting(ILoggingEvent::getFormattedMessage)
        .isEmpty();
  }

  @Test
  void thereIsNoActuator() throws Exception {
    for (String path : List.of("", "/health", "/env", "/beans", "/heapdump", "/prometheus")) {
      assertThat(get("/actuator" + path).statusCode()).as(path).isEqualTo(404);
    }
  }

  private void check(String body) throws IOException, InterruptedException {
    http.send(
        HttpRequest.newBuilder(service.url().resolve("/v1/check"))
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(body))
            .build(),
        BodyHandlers.discarding());
  }

  private HttpResponse<String> get(String path) throws IOException, InterruptedException {
    return http.send(
        HttpRequest.newBuilder(service.url().resolve(path)).build(), BodyHandlers.ofString());
  }
}
