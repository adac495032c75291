package io.ratelimiter.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import io.ratelimiter.endtoend.Caller.Answer;
import io.ratelimiter.endtoend.Topic.Published;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Tests of the whole product, from HTTP check to SQL; subclasses provide the servers. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class ProductContract {

  private Caller caller;
  private Caller atCheckPort;
  private Topic topic;
  private Database database;

  /** The running product. */
  abstract Running running();

  /**
   * Ports of a running product.
   *
   * @param port the limiter's port
   * @param checkPort the limiter's port for checks only
   * @param kafkaPort the broker's port
   * @param postgresPort the database's port
   */
  record Running(int port, int checkPort, int kafkaPort, int postgresPort) {}

  @BeforeAll
  final void connect() {
    Running running = running();
    caller = new Caller(running.port());
    atCheckPort = new Caller(running.checkPort());
    topic = new Topic(running.kafkaPort());
    database = new Database(running.postgresPort());
  }

  @Test
  void ofTwentyFiveChecksTwentyAreAllowedAndAllArePublishedAndCounted() {
    List<Answer> answers =
        IntStream.range(0, 25).mapToObj(_ -> caller.check("api_client")).toList();

    assertThat(answers).extracting(Answer::status).containsOnly(200);
    assertThat(answers.subList(0, 20)).allMatch(Answer::allowed);
    // One unit is refilled every 3 s, so on a slow machine one or two more are allowed.
    List<Answer> blocked = answers.stream().filter(answer -> !answer.allowed()).toList();
    assertThat(blocked).hasSizeBetween(3, 5);
    assertThat(blocked.getFirst().body().get("reason").stringValue()).isEqualTo("limit_exceeded");
    assertThat(answers.getFirst().body().get("limit").intValue()).isEqualTo(20);

    List<Published> published = awaitPublished("api_client", 25);
    assertThat(published)
        .extracting(Published::correlationId)
        .containsExactlyInAnyOrderElementsOf(answers.stream().map(Answer::correlationId).toList());
    assertThat(published)
        .extracting(one -> one.event().decisionId())
        .containsExactlyInAnyOrderElementsOf(
            answers.stream().map(a -> a.body().get("decision_id").stringValue()).toList());
    assertThat(published).allSatisfy(ProductContract::assertHasCloudEventsHeaders);
    awaitCounted("api_client", 25 - blocked.size(), blocked.size());
  }

  private static void assertHasCloudEventsHeaders(Published published) {
    long decidedAtMicros = published.event().decidedAtMicros();
    assertThat(published.headers())
        .containsEntry("ce_id", published.event().decisionId())
        .containsEntry("ce_source", "/rate-limiter/" + published.event().position().instance())
        .containsEntry("ce_specversion", "1.0")
        .containsEntry("ce_type", "decision.v1")
        .containsEntry("ce_time", Instant.EPOCH.plus(decidedAtMicros, ChronoUnit.MICROS).toString())
        .containsEntry("content-type", "application/json")
        .containsEntry("correlation-id", published.event().correlationId());
  }

  @Test
  void anUnknownClientGetsTheDefault() {
    Answer answer = caller.check("unknown-client");

    assertThat(answer.allowed()).isTrue();
    assertThat(answer.body().get("rule").stringValue()).isEqualTo("default");
    assertThat(answer.body().get("limit").intValue()).isEqualTo(100);
    assertThat(answer.body().get("source").stringValue()).isEqualTo("redis");
  }

  @Test
  void bothPortsChargeTheSameLimit() {
    addRuleByTheMonth("both-ports", 100);

    List<Integer> remaining =
        IntStream.range(0, 6)
            .mapToObj(i -> (i % 2 == 0 ? caller : atCheckPort).check("both-ports"))
            .map(answer -> answer.body().get("remaining").intValue())
            .toList();

    assertThat(remaining).containsExactly(99, 98, 97, 96, 95, 94);
    awaitPublished("both-ports", 6);
    awaitCounted("both-ports", 6, 0);
  }

  /** Adds a rule whose refill is negligible during a test. */
  private void addRuleByTheMonth(String client, int rate) {
    database.execute(
        "insert into limiter.rate_limit_rules (tenant, name, client_id, rate, window_seconds)"
            + " values ('default', '%1$s', '%1$s', %2$d, 2592000)".formatted(client, rate));
    Awaitility.await()
        .atMost(Duration.ofSeconds(5))
        .until(() -> caller.get("/rules").body().contains("\"" + client + "\""));
  }

  @Test
  void aChangeInSqlTakesEffectWithoutARestart() {
    database.execute(
        "insert into limiter.rate_limit_rules (tenant, name, client_id, rate, window_seconds)"
            + " values ('default', 'by-sql', 'by_sql', 7, 60)");

    Awaitility.await()
        .atMost(Duration.ofSeconds(5))
        .untilAsserted(
            () -> assertThat(caller.check("by_sql").body().get("limit").intValue()).isEqualTo(7));

    database.execute("update limiter.rate_limit_rules set rate = 9 where name = 'by-sql'");

    Awaitility.await()
        .atMost(Duration.ofSeconds(5))
        .untilAsserted(
            () -> assertThat(caller.check("by_sql").body().get("limit").intValue()).isEqualTo(9));
  }

  @Test
  void sixtyFourThreadsGetExactlyTheLimit() throws Exception {
    addRuleByTheMonth("exact", 1000);

    List<Callable<Long>> threads = new ArrayList<>();
    for (int i = 0; i < 64; i++) {
      threads.add(
          () -> IntStream.range(0, 100).filter(_ -> caller.check("exact").allowed()).count());
    }
    long allowed = 0;
    try (var executor = Executors.newFixedThreadPool(64)) {
      for (var thread : executor.invokeAll(threads)) {
        allowed += thread.get();
      }
    }

    assertThat(allowed).isEqualTo(1000);
    awaitCounted("exact", 1000, 5400);
  }

  @Test
  void operationsEndpointsAnswer() {
    // A limiter answers checks before it is connected to Kafka.
    Awaitility.await()
        .untilAsserted(() ->
            assertThat(caller.get("/health").body())
                .contains(
                    "\"redis_available\":true",
                    "\"kafka_available\":true",
                    "\"postgres_available\":true"));
    assertThat(caller.get("/readyz").statusCode()).isEqualTo(200);
    assertThat(caller.get("/livez").statusCode()).isEqualTo(200);
    assertThat(caller.get("/circuit-breaker-status").body()).contains("\"state\":\"closed\"");
    assertThat(caller.get("/metrics").body())
        .contains(
            "ratelimiter_allowed_total",
            "ratelimiter_blocked_total",
            "ratelimiter_check_duration_seconds_bucket");
  }

  private List<Published> awaitPublished(String clientId, int count) {
    return Awaitility.await()
        .atMost(Duration.ofSeconds(10))
        .until(
            () -> topic.decisions(event -> event.clientId().equals(clientId)),
            published -> published.size() == count);
  }

  private void awaitCounted(String clientId, long allowed, long blocked) {
    Awaitility.await()
        .atMost(Duration.ofSeconds(10))
        .ignoreExceptions()
        .untilAsserted(() ->
            assertThat(
                    database.row(
                        "select sum(allowed_count), sum(blocked_count)"
                            + " from audit.rate_limit_metrics where client_id = '"
                            + clientId
                            + "'"))
                .isEqualTo(Stream.of(allowed, blocked).toList()));
  }
}
