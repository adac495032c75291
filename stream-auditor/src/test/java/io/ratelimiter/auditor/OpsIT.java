package io.ratelimiter.auditor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.ratelimiter.localstack.KafkaServer;
import io.ratelimiter.localstack.PostgresServer;
import io.ratelimiter.localstack.junit.LocalStack;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The endpoints for operators. */
@LocalStack
class OpsIT {

  private static final Pattern ROW =
      Pattern.compile("(?m)^\\| `(\\w+)` \\| (counter|gauge|histogram) \\| ([^|]*) \\|");
  private static final Pattern TYPE =
      Pattern.compile("(?m)^# TYPE (auditor_\\w+) (counter|gauge|histogram)$");

  @Test
  void theReadmeNamesEveryMetricWithTypeAndLabelsAndThereIsNoActuator(
      KafkaServer kafka, PostgresServer postgres, @TempDir Path state) throws IOException {
    String url = postgres.createDatabase("ops");
    Map<String, String> environment =
        Map.of("KAFKA_BOOTSTRAP_SERVERS", kafka.bootstrapServers(), "DATABASE_URL", url);
    try (RunningAuditor auditor = RunningAuditor.start(state, environment)) {
      String metrics = auditor.get("/metrics");
      Map<String, String> served = new TreeMap<>();
      TYPE.matcher(metrics)
          .results()
          .filter(found -> !found.group(1).endsWith("_max"))
          .forEach(found ->
              served.put(found.group(1), found.group(2) + " " + labels(metrics, found.group(1))));

      assertThat(served).containsExactlyInAnyOrderEntriesOf(documented());
      for (String path : List.of("", "/health", "/env", "/prometheus")) {
        assertThat(auditor.get("/actuator" + path)).as(path).contains("\"status\":404");
      }
      assertHeartbeat(new Sql(url));
    }
  }

  /** The heartbeat is written although there was no decision. */
  private static void assertHeartbeat(Sql sql) {
    String seen = "SELECT auditor_seen_at FROM audit.freshness";
    await()
        .atMost(Duration.ofSeconds(60))
        .ignoreExceptions()
        .until(() -> !sql.one(seen).equals("null"));
    String first = sql.one(seen);
    await().atMost(Duration.ofSeconds(30)).until(() -> !sql.one(seen).equals(first));
  }

  @Test
  void withoutADatabaseItIsHealthyAndReportsWhereItsRowsGo(KafkaServer kafka, @TempDir Path state) {
    try (RunningAuditor auditor =
        RunningAuditor.start(state, Map.of("KAFKA_BOOTSTRAP_SERVERS", kafka.bootstrapServers()))) {
      await()
          .atMost(Duration.ofSeconds(60))
          .untilAsserted(() ->
              assertThat(auditor.get("/health"))
                  .contains("\"status\":\"healthy\"")
                  .contains("\"note\":\"DATABASE_URL is not set: rows go to the topics only\"")
                  .contains("\"last_fault\":null")
                  .contains("\"lag_records\":0,\"last_commit_age_seconds\""));
    }
  }

  private static Map<String, String> documented() throws IOException {
    return ROW.matcher(Files.readString(Path.of("README.md")))
        .results()
        .collect(Collectors.toMap(row -> row.group(1), row -> row.group(2) + " " + row.group(3)));
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
}
