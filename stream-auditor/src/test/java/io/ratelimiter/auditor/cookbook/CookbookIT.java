package io.ratelimiter.auditor.cookbook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import io.ratelimiter.auditor.Publisher;
import io.ratelimiter.auditor.Report;
import io.ratelimiter.auditor.RunningAuditor;
import io.ratelimiter.auditor.Sql;
import io.ratelimiter.localstack.KafkaServer;
import io.ratelimiter.localstack.PostgresServer;
import io.ratelimiter.localstack.junit.LocalStack;
import io.ratelimiter.localstack.junit.PrivateServers;
import io.ratelimiter.schemas.topics.Topics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The questions of the cookbook: the answer of each query, run as {@code analyst}, equals the one
 * of the callers' own log. Time is yesterday at 12:34:56, also for the broker.
 */
@LocalStack
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CookbookIT {

  private static final int PARTITIONS = 3;
  private static final Path LIMITERS_MIGRATIONS =
      Path.of("../limiter-service/src/main/resources/db/migration");
  private static final Instant NOW =
      Instant.now()
          .truncatedTo(ChronoUnit.DAYS)
          .minus(Duration.ofDays(1))
          .plus(Duration.parse("PT12H34M56S"));

  private static final Report REPORT =
      new Report("cookbook-report.md", "# The cookbook's answers\n");

  private Sql sql;

  @BeforeAll
  void audit(PostgresServer postgres, PrivateServers servers, @TempDir Path state)
      throws Exception {
    KafkaServer kafka = servers.kafka();
    sql = new Sql(postgres.createDatabase("cookbook"));
    createTopic(kafka);
    try (RunningAuditor _ =
        RunningAuditor.start(
            state,
            Map.of(
                "KAFKA_BOOTSTRAP_SERVERS", kafka.bootstrapServers(),
                "DATABASE_URL", sql.jdbcUrl(),
                "DECISIONS_PARTITIONS", String.valueOf(PARTITIONS),
                "AUDIT_MAX_LATENESS_HOURS", "1"))) {
      Callers callers = new Callers(NOW, changeOfARule());
      List<Call> calls = callers.call();
      CallerLog.write(sql, calls);
      try (Publisher one = new Publisher(kafka.bootstrapServers(), "limiter-1", "a", PARTITIONS);
          Publisher two = new Publisher(kafka.bootstrapServers(), "limiter-2", "a", PARTITIONS)) {
        int published = new Limiters(one, two, callers, NOW).publish(calls);
        await()
            .atMost(Duration.ofSeconds(60))
            .ignoreExceptions()
            .untilAsserted(
                () -> assertThat(counted()).isEqualTo("%d|%1$d|t|t".formatted(published)));
      }
    }
    // Of this machine's clock, a day after the last record.
    sql.execute("UPDATE audit.topics SET counted_until = NULL, closed_before = NULL");
  }

  /** With {@code CreateTime}, so that the test sets the append times. */
  private static void createTopic(KafkaServer kafka) throws Exception {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
      NewTopic topic = new NewTopic(Topics.DECISIONS, PARTITIONS, (short) 1);
      String month = String.valueOf(Duration.ofDays(30).toMillis());
      admin.createTopics(List.of(topic.configs(Map.of("retention.ms", month)))).all().get();
    }
  }

  /**
   * The revisions of the rule {@code default}, as created by the limiter's migrations and changed.
   */
  private long[] changeOfARule() throws IOException {
    sql.execute("CREATE SCHEMA limiter");
    try (Stream<Path> all = Files.list(LIMITERS_MIGRATIONS)) {
      for (Path migration : all.sorted().toList()) {
        sql.execute("SET search_path = limiter; " + Files.readString(migration));
      }
    }
    sql.execute("UPDATE limiter.rate_limit_rules SET rate = 200 WHERE name = 'default'");
    return sql
        .rows(
            """
            SELECT revision FROM limiter.rate_limit_rules_history
            WHERE after ->> 'name' = 'default' ORDER BY id
            """)
        .stream()
        .mapToLong(Long::parseLong)
        .toArray();
  }

  /**
   * Events of closed series, events in rows, whether all are counted up to now, and whether the
   * auditor has written a heartbeat.
   */
  private String counted() {
    return sql.one(
        """
        SELECT (SELECT sum(received) FROM audit.audit_completeness WHERE open_epochs = 0),
          (SELECT sum(allowed_count + blocked_count + error_count + refund_count + reset_count
              + settled_count)
            FROM audit.served_tenants), as_of >= '%s', auditor_seen_at IS NOT NULL
        FROM audit.freshness
        """
            .formatted(NOW));
  }

  static List<Question> questions() {
    return Question.all();
  }

  @Test
  void thereAreTwentyThreeQuestions() {
    assertThat(Question.all()).hasSize(23).allMatch(question -> question.query().length() < 900);
  }

  @ParameterizedTest
  @MethodSource("questions")
  void theAnswerIsThatOfTheCallersLog(Question question) {
    List<String> logged = sql.rowsAs(PostgresServer.RATELIMITER, allRows(question.ofLog()));
    List<String> answer = sql.rowsAs("analyst", allRows(question.query()));

    REPORT.line(
        "%n%s%n%s", question, String.join("\n", sql.rowsAs("analyst", atNow(question.query()))));
    assertThat(logged).as("rows of the log").isNotEmpty();
    assertThat(answer).hasSameSizeAs(logged);
    for (int row = 0; row < logged.size(); row++) {
      assertEqual(answer.get(row).split("\\|"), logged.get(row).split("\\|"));
    }
  }

  /** A cell of the log may be an estimate's truth with the max distance: {@code 123±4}. */
  private static void assertEqual(String[] answer, String[] logged) {
    assertThat(answer).hasSameSizeAs(logged);
    for (int column = 0; column < logged.length; column++) {
      String[] estimate = logged[column].split("±");
      if (estimate.length == 1) {
        assertThat(answer[column]).as("of %s", String.join("|", logged)).isEqualTo(logged[column]);
      } else {
        assertThat(Double.parseDouble(answer[column]))
            .isCloseTo(Double.parseDouble(estimate[0]), within(Double.parseDouble(estimate[1])));
      }
    }
  }

  /** The query as of the time of the calls. */
  private static String atNow(String query) {
    return query.replace("now()", "timestamptz '" + NOW + "'");
  }

  private static String allRows(String query) {
    return atNow(query).replaceAll("\\s+LIMIT \\d+;", ";");
  }
}
