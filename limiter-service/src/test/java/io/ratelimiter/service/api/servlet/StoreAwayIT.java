package io.ratelimiter.service.api.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import io.ratelimiter.service.ServiceUnderTest;
import io.ratelimiter.service.api.servlet.HttpCaller.Reply;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import tools.jackson.databind.JsonNode;

/** What callers see while there is no store. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class StoreAwayIT {

  private static final String BEARER = "Bearer " + ServiceUnderTest.ADMIN_TOKEN;

  private ServiceUnderTest service;
  private HttpCaller http;

  @BeforeAll
  void start() {
    // Port 1 is reserved: nothing listens there.
    service = new ServiceUnderTest(Map.of("REDIS_PORT", "1"));
    http = new HttpCaller(service.url());
  }

  @AfterAll
  void stop() {
    service.close();
  }

  @Test
  void failing_open_is_marked_and_has_no_ratelimit_header() {
    Reply reply = http.check("{\"client_id\":\"lenient\"}");
    JsonNode answer = reply.json();
    assertThat(answer.get("allowed").asBoolean()).isTrue();
    assertThat(answer.get("remaining").asLong()).isEqualTo(5);
    assertThat(answer.get("source").asString()).isEqualTo("none");
    assertThat(answer.get("degraded").asBoolean()).isTrue();
    assertThat(reply.header("RateLimit")).isNull();
  }

  @Test
  void failing_closed_is_a_decision_and_a_problem() {
    Reply reply = http.check("{\"client_id\":\"strict\"}");
    assertThat(reply.status()).isEqualTo(503);
    JsonNode problem = reply.json();
    assertThat(problem.get("reason").asString()).isEqualTo("store_unavailable");
    assertThat(reply.header("Retry-After")).isEqualTo("1");
    assertThat(service.published().decisionsOf("strict"))
        .anySatisfy(
            made -> assertThat(made.decisionId()).isEqualTo(problem.get("decision_id").asString()));
    assertThat(http.get("/metrics").text())
        .containsPattern("ratelimiter_failed_closed_total [1-9]");
  }

  @Test
  void a_batch_item_that_fails_closed_is_a_result() {
    JsonNode results =
        http.post(
                "/v1/check/batch",
                "{\"checks\":[{\"client_id\":\"strict\"},{\"client_id\":\"lenient\"}]}")
            .json()
            .get("results");
    assertThat(results.get(0).get("reason").asString()).isEqualTo("store_unavailable");
    assertThat(results.get(1).get("allowed").asBoolean()).isTrue();
  }

  @Test
  void looking_follows_the_fail_mode_too_and_is_told_to_nobody() {
    int told = service.published().count();
    Reply reply = http.check("{\"client_id\":\"strict\",\"cost\":0}");
    assertThat(reply.status()).isEqualTo(503);
    assertThat(reply.json().has("decision_id")).isFalse();
    assertThat(service.published().count()).isEqualTo(told);
  }

  @Test
  void what_needs_the_store_says_so() {
    Reply refund = http.post("/v1/admin/refunds", "{\"client_id\":\"c\"}", "Authorization", BEARER);
    assertThat(refund.status()).isEqualTo(503);
    assertThat(refund.json().get("reason").asString()).isEqualTo("store_unavailable");
    assertThat(http.send("DELETE", "/v1/admin/usage?client_id=c", "Authorization", BEARER).status())
        .isEqualTo(503);
  }

  @Test
  void it_is_ready_all_the_same_and_health_says_degraded() {
    assertThat(http.get("/readyz").status()).isIn(200, 503);
    JsonNode health = http.get("/health").json();
    assertThat(health.get("status").asString()).isEqualTo("degraded");
    assertThat(health.get("redis_available").asBoolean()).isFalse();
  }
}
