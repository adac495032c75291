package io.ratelimiter.service.api.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.ratelimiter.service.api.contract.HttpCaller.Reply;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Answers while the store is unavailable. */
public interface StoreAwayContract extends EdgeContract {

  @Test
  default void failingOpenIsMarkedAndHasNoRatelimitHeader() {
    Reply reply = http().check("{\"client_id\":\"lenient\"}");
    JsonNode answer = reply.json();
    assertThat(answer.get("allowed").asBoolean()).isTrue();
    assertThat(answer.get("remaining").asLong()).isEqualTo(5);
    assertThat(answer.get("source").asString()).isEqualTo("none");
    assertThat(answer.get("degraded").asBoolean()).isTrue();
    assertThat(reply.header("RateLimit")).isNull();
  }

  @Test
  default void failingClosedIsADecisionAndAProblem() {
    Reply reply = http().check("{\"client_id\":\"strict\"}");
    assertThat(reply.status()).isEqualTo(503);
    JsonNode problem = reply.json();
    assertThat(problem.get("reason").asString()).isEqualTo("store_unavailable");
    assertThat(reply.header("Retry-After")).isEqualTo("1");
    assertThat(published().decisionsOf("strict"))
        .anySatisfy(
            made -> assertThat(made.decisionId()).isEqualTo(problem.get("decision_id").asString()));
    assertThat(edge().mainPort().get("/metrics").text())
        .containsPattern("ratelimiter_failed_closed_total [1-9]");
  }

  @Test
  default void aBatchItemThatFailsClosedIsAResult() {
    JsonNode results =
        http()
            .post(
                "/v1/check/batch",
                "{\"checks\":[{\"client_id\":\"strict\"},{\"client_id\":\"lenient\"}]}")
            .json()
            .get("results");
    assertThat(results.get(0).get("reason").asString()).isEqualTo("store_unavailable");
    assertThat(results.get(1).get("allowed").asBoolean()).isTrue();
  }

  @Test
  default void cost0FollowsTheFailModeTooAndIsNotPublished() {
    int before = published().count();
    Reply reply = http().check("{\"client_id\":\"strict\",\"cost\":0}");
    assertThat(reply.status()).isEqualTo(503);
    assertThat(reply.json().has("decision_id")).isFalse();
    assertThat(published().count()).isEqualTo(before);
  }

  @Test
  default void aSettlementIs503AndToBeRetried() {
    Reply reply =
        http().post("/v1/settle", "{\"client_id\":\"c\",\"decision_id\":\"d\",\"cost\":1}");
    assertThat(reply.status()).isEqualTo(503);
    assertThat(reply.json().get("reason").asString()).isEqualTo("store_unavailable");
    assertThat(reply.header("Retry-After")).isEqualTo("1");
  }

  @Test
  default void aCheckThatSettlesIsDecidedWithItsId() {
    Reply reply = http().check("{\"client_id\":\"strict\",\"settle_within_ms\":60000}");
    assertThat(reply.status()).isEqualTo(503);
    assertThat(published().decisionsOf("strict"))
        .anySatisfy(made -> assertThat(made.check().options().decisionId())
            .isEqualTo(reply.json().get("decision_id").asString()));
  }
}
