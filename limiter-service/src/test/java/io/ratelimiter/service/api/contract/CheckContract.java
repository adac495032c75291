package io.ratelimiter.service.api.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.ratelimiter.service.api.contract.HttpCaller.Reply;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** The contract of {@code POST /v1/check}. */
public interface CheckContract extends EdgeContract {

  @Test
  default void anAllowedCheckHasTheDocumentedFieldsAndNoOthers() {
    Reply reply = http().check("{\"client_id\":\"api_client\",\"cost\":1}");
    assertThat(reply.status()).isEqualTo(200);
    JsonNode answer = reply.json();
    assertThat(answer.propertyNames())
        .containsExactly(
            "allowed",
            "remaining",
            "limit",
            "window",
            "reset_at",
            "decision_id",
            "correlation_id",
            "rule",
            "rule_revision",
            "algorithm",
            "source",
            "degraded",
            "limits");
    assertThat(answer.get("allowed").asBoolean()).isTrue();
    assertThat(answer.get("remaining").asLong()).isEqualTo(19);
    assertThat(answer.get("limit").asLong()).isEqualTo(20);
    assertThat(answer.get("window").asLong()).isEqualTo(60);
    assertThat(answer.get("source").asString()).isEqualTo("redis");
    assertThat(reply.header("X-Correlation-ID")).isEqualTo(answer.get("correlation_id").asString());
  }

  @Test
  default void aBlockedCheckHasAReasonAndARetryTime() {
    http().check("{\"client_id\":\"slow\"}");
    Reply reply = http().check("{\"client_id\":\"slow\"}");
    assertThat(reply.status()).isEqualTo(200);
    JsonNode answer = reply.json();
    assertThat(answer.get("allowed").asBoolean()).isFalse();
    assertThat(answer.get("reason").asString()).isEqualTo("limit_exceeded");
    assertThat(answer.get("retry_after_ms").asLong()).isBetween(3_590_000L, 3_600_000L);
    assertThat(reply.header("Retry-After")).isEqualTo("3600");
    assertThat(reply.header("RateLimit-Policy")).isEqualTo("\"slow\";q=1;w=3600");
    assertThat(reply.header("RateLimit")).matches("\"slow\";r=0;t=35\\d\\d");
  }

  @Test
  default void everyFieldHasAnEffect() {
    String body =
        "{\"client_id\":\"every\",\"limit_key\":\"/orders\",\"cost\":2,\"tenant\":\"default\",\"unknown\":{\"a\":[1]}}";
    JsonNode answer = http().check(body).json();
    assertThat(answer.get("rule").asString()).isEqualTo("orders");
    assertThat(answer.get("remaining").asLong()).isEqualTo(1);
    assertThat(http().check(body.replace("\"default\"", "\"acme\"")).json().get("rule").asString())
        .isEqualTo("acme");
  }

  @Test
  default void allLimitsOfACheckAreListedAndTheTightestIsOnTop() {
    Reply reply = http().check("{\"client_id\":\"two_limits\"}");
    JsonNode answer = reply.json();
    assertThat(answer.get("rule").asString()).isEqualTo("short");
    assertThat(answer.get("limits"))
        .extracting(limit -> limit.get("rule").asString() + " " + limit.get("mode").asString())
        .containsExactlyInAnyOrder("short enforce", "long enforce", "watched shadow");
    assertThat(reply.header("RateLimit-Policy"))
        .contains("\"short\";q=2;w=10", "\"long\";q=1000;w=3600")
        .doesNotContain("watched");
    http().check("{\"client_id\":\"two_limits\"}");
    Reply blocked = http().check("{\"client_id\":\"two_limits\"}");
    assertThat(blocked.json().get("allowed").asBoolean()).isFalse();
    assertThat(blocked.header("RateLimit-Policy")).isEqualTo("\"short\";q=2;w=10");
  }

  @Test
  default void aBucketMayHoldMoreThanItsRate() {
    JsonNode answer = http().check("{\"client_id\":\"bursty\",\"cost\":5}").json();
    assertThat(answer.get("limit").asLong()).isEqualTo(10);
    assertThat(answer.get("remaining").asLong()).isEqualTo(25);
    assertThat(answer.get("limits").get(0).get("burst").asLong()).isEqualTo(30);
  }

  @Test
  default void aCostThatCanNeverPassHasNoRetry() {
    Reply reply = http().check("{\"client_id\":\"slow\",\"limit_key\":\"never\",\"cost\":2}");
    JsonNode answer = reply.json();
    assertThat(answer.get("reason").asString()).isEqualTo("cost_exceeds_limit");
    assertThat(answer.has("retry_after_ms")).isFalse();
    assertThat(reply.header("Retry-After")).isNull();
  }

  @Test
  default void cost0IsNotChargedCountedOrPublished() {
    double counted = counted("ratelimiter_check_duration_seconds_count");
    int before = published().count();
    JsonNode answer = http().check("{\"client_id\":\"looker\",\"cost\":0}").json();
    assertThat(answer.has("decision_id")).isFalse();
    assertThat(answer.get("remaining").asLong()).isEqualTo(100);
    assertThat(counted("ratelimiter_check_duration_seconds_count")).isEqualTo(counted);
    assertThat(published().count()).isEqualTo(before);
  }

  @Test
  default void aDecisionIsPublishedWithTheIdsOfItsAnswer() {
    JsonNode answer =
        http()
            .post(
                "/v1/check",
                "{\"client_id\":\"published\",\"cost\":3}",
                "X-Correlation-ID",
                "order-4711")
            .json();
    assertThat(answer.get("correlation_id").asString()).isEqualTo("order-4711");
    assertThat(published().decisionsOf("published"))
        .singleElement()
        .satisfies(made -> {
          assertThat(made.decisionId()).isEqualTo(answer.get("decision_id").asString());
          assertThat(made.correlationId()).isEqualTo("order-4711");
          assertThat(made.check().cost()).isEqualTo(3);
        });
  }

  @Test
  default void anInvalidCorrelationIdIsReplaced() {
    for (String invalid : new String[] {"a b", "", "x".repeat(129), "a\"b", "<script>"}) {
      Reply reply =
          http().post("/v1/check", "{\"client_id\":\"corr\"}", "X-Correlation-ID", invalid);
      assertThat(reply.header("X-Correlation-ID"))
          .isNotEqualTo(invalid)
          .matches("[A-Za-z0-9._-]{1,128}")
          .isEqualTo(reply.json().get("correlation_id").asString());
    }
  }

  @Test
  default void decisionIdsAreUnique() {
    assertThat(
            java.util.stream.IntStream.range(0, 50)
                .mapToObj(_ ->
                    http()
                        .check("{\"client_id\":\"premium_client\"}")
                        .json()
                        .get("decision_id")
                        .asString()))
        .doesNotHaveDuplicates();
  }

  @Test
  default void theDocumentedQueriesFindTheirSeries() {
    String metrics = edge().mainPort().get("/metrics").text();
    assertThat(metrics)
        .contains("ratelimiter_allowed_total{", "ratelimiter_blocked_total{")
        .contains("ratelimiter_check_duration_seconds_bucket{le=")
        .contains("ratelimiter_failed_closed_total ", "ratelimiter_active_clients ")
        .contains("ratelimiter_circuit_breaker_state ")
        .contains("rule=\"(none)\"");
  }

  @Test
  default void aCachedBlockIsAnsweredWithoutTheStoreAndPublishedLikeAnyOther() {
    http().check("{\"client_id\":\"slow\",\"limit_key\":\"known\"}");
    assertThat(
            http()
                .check("{\"client_id\":\"slow\",\"limit_key\":\"known\"}")
                .json()
                .get("source")
                .asString())
        .isEqualTo("redis");
    JsonNode known = http().check("{\"client_id\":\"slow\",\"limit_key\":\"known\"}").json();
    assertThat(known.get("allowed").asBoolean()).isFalse();
    assertThat(known.get("source").asString()).isEqualTo("cache");
    assertThat(known.get("degraded").asBoolean()).isFalse();
    assertThat(published().decisionsOf("slow"))
        .filteredOn(made -> made.check().limitKey().equals("known"))
        .hasSize(3);
  }

  @Test
  default void blockedChecksAre429WhenConfigured() {
    try (Edge strict = edge().like(Map.of("BLOCKED_STATUS", "429"))) {
      Reply reply = strict.http().check("{\"client_id\":\"slow\",\"cost\":2}");
      assertThat(reply.status()).isEqualTo(429);
      assertThat(reply.json().get("allowed").asBoolean()).isFalse();
    }
  }

  @Test
  default void unknownPathsAndMethodsAreProblems() {
    assertThat(http().get("/nothing").status()).isEqualTo(404);
    assertThat(http().get("/v1/check").header("Allow")).isEqualTo("POST");
    assertThat(http().post("/v1/check", "{}", "Accept", "image/png").status()).isEqualTo(406);
    assertThat(http().post("/v1/check", "{}", "Content-Type", "text/plain").status())
        .isEqualTo(415);
    assertThat(http().post("/v1/check", "{}", "Content-Encoding", "gzip").status()).isEqualTo(415);
    assertThat(http().post("/v1/check", " ".repeat(8193)).status()).isEqualTo(413);
  }

  private double counted(String series) {
    return edge()
        .mainPort()
        .get("/metrics")
        .text()
        .lines()
        .filter(line -> line.startsWith(series + " "))
        .mapToDouble(line -> Double.parseDouble(line.substring(series.length() + 1)))
        .sum();
  }
}
