package io.ratelimiter.service.decisions;

import static org.assertj.core.api.Assertions.assertThat;

import io.ratelimiter.localstack.KafkaServer;
import io.ratelimiter.localstack.Ports;
import io.ratelimiter.localstack.PostgresServer;
import io.ratelimiter.localstack.junit.LocalStack;
import io.ratelimiter.localstack.junit.PrivateServers;
import io.ratelimiter.localstack.junit.SystemPrograms;
import io.ratelimiter.schemas.topics.Topics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The recipes in schemas/consumers, unchanged but for addresses, count exactly. Their README lists
 * what to install.
 */
@LocalStack
@Tag("faults")
class ConsumerRecipesIT {

  private static final Path RECIPES = Path.of("../schemas/consumers").toAbsolutePath().normalize();
  private static final String JAVA =
      Path.of(System.getProperty("java.home"), "bin", "java").toString();
  private static final int TOO_COSTLY = RecipeTopics.TOO_COSTLY;
  private static final int BLOCKED = RecipeTopics.BLOCKED + TOO_COSTLY;
  private static final int ALLOWED = RecipeTopics.ALLOWED;

  private static KafkaServer kafka;
  private static RecipeTopics topics;

  @TempDir private Path folder;

  @BeforeAll
  static void publish(PrivateServers servers, @TempDir Path spool) throws Exception {
    kafka = servers.kafka();
    topics = new RecipeTopics(kafka.bootstrapServers());
    topics.publish(spool);
  }

  @Test
  void clickHouse() throws Exception {
    Path out = folder.resolve("out");
    Process process =
        SystemPrograms.start(
            out,
            List.of(
                "python3",
                RECIPES.resolve("clickhouse/run_embedded.py").toString(),
                kafka.bootstrapServers()));
    try {
      topics.awaitReadBy("clickhouse-decisions", Topics.DECISIONS);
      topics.awaitReadBy("clickhouse-block-rates", Topics.BLOCK_RATES);
      process.outputWriter().append('\n').close();
      process.waitFor(1, TimeUnit.MINUTES);
    } finally {
      SystemPrograms.stop(process);
    }

    assertThat(SystemPrograms.text(out))
        .contains(
            """
            {"minute":"2026-09-21 14:13:00","tenant":"default","allowed_count":%d,"blocked_count":%d,"too_costly_count":%d,"cost_allowed":%d}
            """
                .formatted(ALLOWED, BLOCKED, TOO_COSTLY, ALLOWED))
        .contains(
            """
            {"generation":1,"minute":"2026-11-24 10:30:00","tenant":"default","rule":"api_client","allowed":40,"blocked":%d,"block_rate":0.6}
            """
                .formatted(2 * RecipeTopics.BLOCKED_ROW))
        .contains("{\"topic\":\"ratelimiter.block-rates.v1\",\"unreadable\":1}");
  }

  @Test
  void flink() throws Exception {
    Path out = folder.resolve("out");
    List<String> command =
        List.of(
            JAVA,
            "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
            "-cp",
            jars("flink"),
            RECIPES.resolve("flink/RunSql.java").toString(),
            "--once",
            kafka.bootstrapServers(),
            RECIPES.resolve("flink/decisions.sql").toString(),
            RECIPES.resolve("flink/block-rates.sql").toString());
    int exit = SystemPrograms.run(out, Duration.ofMinutes(3), command);

    List<List<String>> rows =
        SystemPrograms.text(out)
            .lines()
            .filter(line -> line.startsWith("| +"))
            .map(line -> Stream.of(line.split("\\|")).map(String::strip).toList())
            .toList();
    assertThat(exit).as(SystemPrograms.text(out)).isZero();
    // Columns: nothing, the kind of change, then those of the query.
    assertThat(lastWithTenantAt(3, rows).subList(4, 8))
        .containsExactly("" + ALLOWED, "" + BLOCKED, "" + TOO_COSTLY, "" + ALLOWED);
    assertThat(lastWithTenantAt(4, rows).subList(6, 8))
        .containsExactly("40", "" + 2 * RecipeTopics.BLOCKED_ROW);
  }

  private static List<String> lastWithTenantAt(int column, List<List<String>> rows) {
    return rows.stream().filter(row -> row.get(column).equals("default")).toList().getLast();
  }

  @Test
  void kafkaConnect(PrivateServers servers) throws Exception {
    PostgresServer postgres = servers.postgres();
    String database = "ratelimiter";
    try (Connection connection = postgres.connect(database);
        Statement sql = connection.createStatement()) {
      sql.execute(Files.readString(RECIPES.resolve("connect/tables.sql")));
      Process worker = worker(postgres);
      try {
        topics.awaitReadBy("connect-ratelimiter-decisions", Topics.DECISIONS);
        topics.awaitReadBy("connect-ratelimiter-block-rates", Topics.BLOCK_RATES);
      } finally {
        SystemPrograms.stop(worker);
      }
      assertThat(
              row(
                  sql,
                  """
                  SELECT count(*) FILTER (WHERE allowed),
                         count(*) FILTER (WHERE NOT allowed AND reason <> 'store_unavailable'),
                         count(*) FILTER (WHERE reason = 'cost_exceeds_limit'), sum(cost) FILTER (WHERE allowed),
                         min(decided_at AT TIME ZONE 'UTC')
                  FROM decisions
                  """))
          .containsExactly(
              "" + ALLOWED,
              "" + BLOCKED,
              "" + TOO_COSTLY,
              "" + ALLOWED,
              "2026-09-21 14:13:20.123456");
      assertThat(
              row(
                  sql,
                  """
                  SELECT sum(blocked_count) FILTER (WHERE kind = 'total'), min(region),
                         string_agg(client_id, ' ') FILTER (WHERE kind = 'client'), count(*)
                  FROM block_rates
                  """))
          .containsExactly("" + 2 * RecipeTopics.BLOCKED_ROW, "eu", "client-0", "3");
    }
  }

  private Process worker(PostgresServer postgres) throws IOException {
    Path properties =
        configured(
            "worker.properties",
            "localhost:19092",
            kafka.bootstrapServers(),
            "\nlisteners=http://localhost:%d\noffset.flush.interval.ms=500\n"
                .formatted(Ports.free()));
    String address = "localhost:" + postgres.port();
    Path decisions = configured("decisions.json", "localhost:5432", address, "");
    Path figures = configured("block-rates.json", "localhost:5432", address, "");
    String main = "org.apache.kafka.connect.cli.ConnectStandalone";
    return SystemPrograms.start(
        folder.resolve("out"),
        List.of(
            JAVA,
            "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
            "-cp",
            jars("connect"),
            main,
            properties.toString(),
            decisions.toString(),
            figures.toString()));
  }

  /** A copy of a file of the recipe with another address and further settings. */
  private Path configured(String name, String from, String to, String more) throws IOException {
    String text = Files.readString(RECIPES.resolve("connect").resolve(name));
    assertThat(text).contains(from);
    text = text.replace(from, to).replace("=connect.offsets", "=" + folder.resolve("offsets"));
    return Files.writeString(folder.resolve(name), text + more);
  }

  private static String jars(String recipe) {
    Path lib = RECIPES.resolve(recipe).resolve("target/lib");
    assertThat(lib).as("jars; schemas/consumers/README.md states how to fetch them").isDirectory();
    return lib + "/*";
  }

  private static List<String> row(Statement sql, String query) throws Exception {
    try (ResultSet result = sql.executeQuery(query)) {
      result.next();
      List<String> values = new ArrayList<>();
      for (int i = 1; i <= result.getMetaData().getColumnCount(); i++) {
        values.add(result.getString(i));
      }
      return values;
    }
  }
}
