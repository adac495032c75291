package io.ratelimiter.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import io.ratelimiter.endtoend.Caller.Answer;
import io.ratelimiter.endtoend.Topic.Told;
import java.nio.file.Path;
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
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole product, from an HTTP check to a row in SQL, on real servers. */
class ProductIT {

  @TempDir static Path folder;

  private static Product product;
  private static Caller caller;
  private static Topic topic;
  private static Database database;

  @BeforeAll
  static void start() {
    product = Product.in(folder).start();
    caller = new Caller(product.port("PORT"));
    topic = new Topic(product.port("LOCAL_KAFKA_PORT"));
    database = new Database(product.port("LOCAL_POSTGRES_PORT"));
  }

  @AfterAll
  static void stop() {
    product.close();
  }

  @Test
  void ofTwentyFiveChecksTwentyPassAndEveryOneIsToldAndCounted() {
    List<Answer> answers =
        IntStream.range(0, 25).mapToObj(_ -> caller.check("api_client")).toList();

    assertThat(answers).extracting(Answer::status).containsOnly(200);
    assertThat(answers.subList(0, 20)).allMatch(Answer::allowed);
    // A token returns every 3 s: a slow machine may let one or two more pass.
    List<Answer> blocked = answers.stream().filter(answer -> !answer.allowed()).toList();
    assertThat(blocked).hasSizeBetween(3, 5);
    assertThat(blocked.getFirst().body().get("reason").stringValue()).isEqualTo("limit_exceeded");
    assertThat(answers.getFirst().body().get("limit").intValue()).isEqualTo(20);

    List<Told> told = awaitTold("api_client", 25);
    assertThat(told)
        .extracting(Told::correlationId)
        .containsExactlyInAnyOrderElementsOf(answers.stream().map(Answer::correlationId).toList());
    assertThat(told)
        .extracting(one -> one.event().decisionId())
        .containsExactlyInAnyOrderElementsOf(
            answers.stream().map(a -> a.body().get("decision_id").stringValue()).toList());
    assertThat(told).allSatisfy(ProductIT::assertHasCloudEventsHeaders);
    awaitCounted("api_client", 25 - blocked.size(), blocked.size());
  }

  private static void assertHasCloudEventsHeaders(Told told) {
    long decidedAtMicros = told.event().decidedAtMicros();
    assertThat(told.headers())
        .containsEntry("ce_id", told.event().decisionId())
        .containsEntry("ce_source", "/rate-limiter/" + told.event().position().instance())
        .containsEntry("ce_specversion", "1.0")
        .containsEntry("ce_type", "decision.v1")
        .containsEntry("ce_time", Instant.EPOCH.plus(decidedAtMicros, ChronoUnit.MICROS).toString())
        .containsEntry("content-type", "application/json")
        .containsEntry("correlation-id", told.event().correlationId());
  }

  @Test
  void anUnknownClientGetsTheDefault() {
    Answer answer = caller.check("nobody-knows-me");

    assertThat(answer.allowed()).isTrue();
    assertThat(answer.body().get("rule").stringValue()).isEqualTo("default");
    assertThat(answer.body().get("limit").intValue()).isEqualTo(100);
    assertThat(answer.body().get("source").stringValue()).isEqualTo("redis");
  }

  @Test
  void aChangeMadeWithSqlIsObeyedWithoutARestart() {
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
    database.execute(
        "insert into limiter.rate_limit_rules (tenant, name, client_id, rate, window_seconds)"
            + " values ('default', 'exact', 'exact', 1000, 2592000)");
    Awaitility.await()
        .atMost(Duration.ofSeconds(5))
        .until(() -> caller.get("/rules").body().contains("\"exact\""));

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
  void whatOperatorsLookAtIsThere() {
    assertThat(caller.get("/health").body())
        .contains(
            "\"redis_available\":true", "\"kafka_available\":true", "\"postgres_available\":true");
    assertThat(caller.get("/readyz").statusCode()).isEqualTo(200);
    assertThat(caller.get("/livez").statusCode()).isEqualTo(200);
    assertThat(caller.get("/circuit-breaker-status").body()).contains("\"state\":\"closed\"");
    assertThat(caller.get("/metrics").body())
        .contains(
            "ratelimiter_allowed_total",
            "ratelimiter_blocked_total",
            "ratelimiter_check_duration_seconds_bucket");
  }

  private static List<Told> awaitTold(String clientId, int count) {
    return Awaitility.await()
        .atMost(Duration.ofSeconds(10))
        .until(
            () -> topic.decisions(event -> event.clientId().equals(clientId)),
            told -> told.size() == count);
  }

  private static void awaitCounted(String clientId, long allowed, long blocked) {
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
