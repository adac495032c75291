package io.ratelimiter.service.api.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.ratelimiter.service.api.contract.HttpCaller.Reply;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Priorities and waits, with the rules of {@code spending-rules.json}. */
public interface SpendingContract extends EdgeContract {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          "priority":"urgent"                | priority must be high, normal or low
          "priority":"High"                  | priority must be high, normal or low
          "priority":null                    | priority must be high, normal or low
          "priority":1                       | priority must be high, normal or low
          "priority":["low"]                 | priority must be high, normal or low
          "priority":"low","priority":"low"  | priority must be given once
          "max_wait_ms":-1                   | max_wait_ms must be a whole number from 0 to 30000
          "max_wait_ms":30001                | max_wait_ms must be a whole number from 0 to 30000
          "max_wait_ms":1.5                  | max_wait_ms must be a whole number from 0 to 30000
          "max_wait_ms":1e99999999999        | max_wait_ms must be a whole number from 0 to 30000
          "max_wait_ms":18446744073709551617 | max_wait_ms must be a whole number from 0 to 30000
          "max_wait_ms":"1"                  | max_wait_ms must be a whole number from 0 to 30000
          "max_wait_ms":null                 | max_wait_ms must be a whole number from 0 to 30000
          "max_wait_ms":0,"max_wait_ms":0    | max_wait_ms must be given once
          "max_wait_ms":1,"cost":0           | max_wait_ms must be 0 where cost is 0, which takes nothing
          "settle_within_ms":-1              | settle_within_ms must be a whole number from 0 to 3600000
          "settle_within_ms":3600001         | settle_within_ms must be a whole number from 0 to 3600000
          "settle_within_ms":true            | settle_within_ms must be a whole number from 0 to 3600000
          "settle_within_ms":{}              | settle_within_ms must be a whole number from 0 to 3600000
          "cost":0,"settle_within_ms":1      | settle_within_ms must be 0 where cost is 0, which takes nothing
          "hold":1                           | hold must be true or false
          "hold":"true"                      | hold must be true or false
          "hold":null                        | hold must be true or false
          "hold":true,"hold":true            | hold must be given once
          """)
  default void aFaultIsNamedInACheckAndInABatchAndChargesNothing(String fields, String detail) {
    String client = UUID.randomUUID().toString();
    String item = "{\"client_id\":\"" + client + "\"," + fields + "}";
    Reply single = http().check(item);
    assertThat(single.status()).isEqualTo(400);
    assertThat(single.json().get("detail").asString()).isEqualTo(detail);
    Reply batch = batch("{\"client_id\":\"" + client + "\"}," + item);
    assertThat(batch.status()).isEqualTo(400);
    assertThat(batch.json().get("detail").asString()).isEqualTo("checks[1]." + detail);
    assertThat(published().decisionsOf(client)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"max_wait_ms\":30000",
        "\"max_wait_ms\":3e4",
        "\"settle_within_ms\":3600000",
        "\"max_wait_ms\":0,\"settle_within_ms\":0,\"cost\":0",
        "\"hold\":true",
        "\"priority\":\"normal\",\"hold\":false"
      })
  default void aBoundIsAllowed(String fields) {
    assertThat(http().check("{\"client_id\":\"bounds\"," + fields + "}").status()).isEqualTo(200);
  }

  @Test
  default void anAnswerIsNotHeldInABatch() {
    Reply reply = batch("{\"client_id\":\"a\"},{\"client_id\":\"a\",\"hold\":true}");
    assertThat(reply.status()).isEqualTo(400);
    assertThat(reply.json().get("detail").asString()).startsWith("checks[1].hold must be false");
  }

  @Test
  default void aMaxWaitIsRefusedWhereOnlyWindowsApplyAndNothingIsCharged() {
    String waits = "{\"client_id\":\"windowed\",\"limit_key\":\"w\",\"max_wait_ms\":1}";
    assertThat(http().check(waits).json().get("detail").asString())
        .isEqualTo("max_wait_ms must be 0: no token bucket applies to this check");
    Reply batch = batch("{\"client_id\":\"windowed\",\"limit_key\":\"w\"}," + waits);
    assertThat(batch.status()).isEqualTo(400);
    assertThat(batch.json().get("detail").asString())
        .isEqualTo("checks[1].max_wait_ms must be 0: no token bucket applies to this check");
    assertThat(published().decisionsOf("windowed")).isEmpty();
  }

  @Test
  default void aShadowBucketGrantsNoWait() {
    assertThat(http().check("{\"client_id\":\"shadowed\",\"max_wait_ms\":1}").status())
        .isEqualTo(400);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"client_id\":\"mixed\"",
        "\"client_id\":\"banned\"",
        "\"client_id\":\"anyone\",\"tenant\":\"ruleless\""
      })
  default void aMaxWaitIsAcceptedWhereNotAllLimitsAreWindows(String subject) {
    Reply reply = http().check("{" + subject + ",\"max_wait_ms\":1}");
    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.json().get("wait_ms").asLong()).isZero();
    assertThat(reply.json().has("held_ms")).isFalse();
  }

  @Test
  default void eachCheckWaitsForTheOnesBeforeItUpToItsMaxWait() {
    String check = "{\"client_id\":\"patient\",\"limit_key\":\"%s\",\"max_wait_ms\":20000}";
    String body = check.formatted(edge().url().getPort());
    assertThat(http().check(body).json().get("wait_ms").asLong()).isZero();
    assertThat(http().check(body).json().get("wait_ms").asLong()).isBetween(1L, 10_000L);
    assertThat(http().check(body).json().get("wait_ms").asLong()).isBetween(10_001L, 20_000L);
    JsonNode blocked = http().check(body).json();
    assertThat(blocked.get("allowed").asBoolean()).isFalse();
    assertThat(blocked.get("wait_ms").asLong()).isZero();
    assertThat(blocked.get("retry_after_ms").asLong()).isBetween(20_001L, 30_000L);
    JsonNode plain = http().check(body.replace(",\"max_wait_ms\":20000", "")).json();
    assertThat(plain.get("allowed").asBoolean()).isFalse();
    assertThat(plain.has("wait_ms")).isFalse();
    assertThat(edge().mainPort().get("/metrics").text())
        .containsPattern("ratelimiter_wait_seconds_count [1-9]");
  }

  @Test
  default void theMaxWaitOfTheRuleCapsThatOfTheCheck() {
    String body =
        "{\"client_id\":\"hasty\",\"limit_key\":\"%s\",\"max_wait_ms\":30000}"
            .formatted(edge().url().getPort());
    http().check(body);
    assertThat(http().check(body).json().get("allowed").asBoolean()).isFalse();
  }

  @Test
  default void aHeldAnswerComesAfterItsWait() {
    String key = "\"limit_key\":\"" + edge().url().getPort() + "\"";
    http().check("{\"client_id\":\"held\"," + key + ",\"cost\":5}");
    long start = System.nanoTime();
    JsonNode answer =
        http()
            .check(
                "{\"client_id\":\"held\","
                    + key
                    + ",\"cost\":2,\"max_wait_ms\":30000,\"hold\":true}")
            .json();
    long tookMillis = (System.nanoTime() - start) / 1_000_000;
    assertThat(answer.get("allowed").asBoolean()).isTrue();
    assertThat(answer.get("wait_ms").asLong()).isZero();
    assertThat(answer.get("held_ms").asLong()).isBetween(1L, tookMillis + 1);
  }

  @Test
  default void aLowerPriorityLeavesTheReserveAlone() {
    String key = "reserved-" + edge().url().getPort();
    JsonNode low = reserving(key, "low");
    assertThat(low.get("priority").asString()).isEqualTo("low");
    assertThat(low.get("remaining").asLong()).isEqualTo(4);
    assertThat(low.get("limits").get(0).get("reserve").asLong()).isEqualTo(5);
    JsonNode normal = reserving(key, "normal");
    assertThat(normal.has("priority")).isFalse();
    assertThat(normal.get("remaining").asLong()).isEqualTo(6);
    assertThat(normal.get("limits").get(0).get("reserve").asLong()).isEqualTo(2);
    JsonNode high = reserving(key, "high");
    assertThat(high.get("remaining").asLong()).isEqualTo(7);
    assertThat(high.get("limits").get(0).has("reserve")).isFalse();

    JsonNode usage =
        edge().mainPort().get("/v1/usage?client_id=reserving&priority=low&limit_key=" + key).json();
    assertThat(usage.get("priority").asString()).isEqualTo("low");
    assertThat(usage.get("limits").get(0).get("remaining").asLong()).isEqualTo(2);
    assertThat(edge().mainPort().get("/metrics").text())
        .containsPattern(
            "ratelimiter_priority_checks_total\\{outcome=\"allowed\",priority=\"low\",rule=\"reserving\",tenant=\"default\"} [1-9]")
        .doesNotContainPattern("ratelimiter_priority_checks_total\\{[^}]*rule=\"patient\"");
  }

  @Test
  default void theHeadersAreThoseOfThePriority() {
    Reply reply =
        http()
            .check(
                "{\"client_id\":\"reserving\",\"limit_key\":\"headers-%s\",\"priority\":\"low\"}"
                    .formatted(edge().url().getPort()));
    assertThat(reply.header("RateLimit-Policy")).isEqualTo("\"reserving\";q=5;w=3600");
    assertThat(reply.header("RateLimit")).startsWith("\"reserving\";r=4");
  }

  @Test
  default void anInvalidPriorityOfUsageIsNamed() {
    Reply reply = edge().mainPort().get("/v1/usage?client_id=a&priority=urgent");
    assertThat(reply.status()).isEqualTo(400);
    assertThat(reply.json().get("detail").asString())
        .isEqualTo("priority must be high, normal or low");
  }

  private JsonNode reserving(String key, String priority) {
    return http()
        .check(
            "{\"client_id\":\"reserving\",\"limit_key\":\"%s\",\"priority\":\"%s\"}"
                .formatted(key, priority))
        .json();
  }

  private Reply batch(String items) {
    return http().post("/v1/check/batch", "{\"checks\":[" + items + "]}");
  }
}
