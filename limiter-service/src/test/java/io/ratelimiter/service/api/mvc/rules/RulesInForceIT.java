package io.ratelimiter.service.api.mvc.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.ratelimiter.localstack.junit.LocalStack;
import io.ratelimiter.service.ServiceUnderTest;
import io.ratelimiter.service.api.contract.HttpCaller;
import io.ratelimiter.service.api.contract.HttpCaller.Reply;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** When a changed rule applies, on two instances that share a database and a Redis. */
@LocalStack
class RulesInForceIT extends RulesByHttp {

  private ServiceUnderTest secondInstance;
  private HttpCaller second;

  @BeforeAll
  void startSecond() {
    secondInstance = new ServiceUnderTest(environment(Map.of()));
    second = new HttpCaller(secondInstance.url());
  }

  @AfterAll
  void stopSecond() {
    secondInstance.close();
  }

  @Test
  void aChangeOnOneInstanceOrWithSqlAppliesOnBoth() throws SQLException {
    Reply saved =
        post("{\"client_id\":\"client_a\",\"endpoint\":\"login\",\"rate\":3,\"window\":60}");
    long revision = saved.json().get("revision").longValue();

    awaitLimit(http, "client_a", "login", 3);
    awaitLimit(second, "client_a", "login", 3);
    JsonNode answer = check(second, "client_a", "login");
    assertThat(answer.get("rule").stringValue()).isEqualTo("client_a/login");
    assertThat(answer.get("rule_revision").longValue()).isEqualTo(revision);

    sql("UPDATE limiter.rate_limit_rules SET rate = 5 WHERE name = 'client_a/login'");
    awaitLimit(http, "client_a", "login", 5);
    awaitLimit(second, "client_a", "login", 5);
  }

  @Test
  void spendingWrittenByTheApiOrWithSqlIsInForce() throws SQLException {
    Reply saved =
        post(
            """
            {"client_id":"spender","rate":100,"window":60,"reserve":{"normal":0.2,"low":0.5},
             "max_wait_ms":1500,"overdraft":40}
            """);
    long id = saved.json().get("id").longValue();
    String spending =
        "\"reserve\":{\"normal\":0.2,\"low\":0.5},\"max_wait_ms\":1500,\"overdraft\":40";

    assertThat(saved.text()).contains(spending);
    assertThat(get(RULES + "/" + id).text()).contains(spending);
    assertThat(get(RULES + "/" + id + "/history").text()).contains("\"normal\":0.2,\"low\":0.5");
    await().atMost(SOON).until(() -> second.get("/rules").text().contains(spending));

    sql("UPDATE limiter.rate_limit_rules SET reserve_normal = 0, overdraft = 41 WHERE id = " + id);
    String changed = spending.replace("0.2", "0").replace("40", "41");
    for (HttpCaller instance : List.of(http, second)) {
      await().atMost(SOON).until(() -> instance.get("/rules").text().contains(changed));
    }
  }

  @Test
  void raisingALimitKeepsItsConsumptionAndAnotherAlgorithmResetsIt() {
    String rule = "{\"client_id\":\"b\",\"rate\":%d,\"window\":86400,\"algorithm\":\"%s\"}";
    post(rule.formatted(3, "fixed_window"));
    awaitLimit(http, "b", "x", 3);
    for (int n = 0; n < 3; n++) {
      assertThat(check(http, "b", "x").get("allowed").booleanValue()).isTrue();
    }
    assertThat(check(http, "b", "x").get("allowed").booleanValue()).isFalse();

    post(rule.formatted(5, "fixed_window"));
    awaitLimit(http, "b", "x", 5);
    assertThat(check(http, "b", "x").get("remaining").longValue()).isEqualTo(1);

    post(rule.formatted(5, "sliding_window"));
    await()
        .atMost(SOON)
        .until(() -> look(http, "b", "x").get("algorithm").stringValue().equals("sliding_window"));
    assertThat(check(http, "b", "x").get("remaining").longValue()).isEqualTo(4);
  }

  @Test
  void aChangeIsInForceOnItsLimiterOnceItIsAnswered() {
    for (int rate = 1; rate <= 30; rate++) {
      String rule =
          "{\"client_id\":\"at-once\",\"rate\":%d,\"window\":60,\"algorithm\":\"fixed_window\"}"
              .formatted(rate);
      assertThat(http.post(RULES, rule, "Authorization", BEARER).status()).isIn(200, 201);
      JsonNode check = http.check("{\"client_id\":\"at-once\",\"cost\":0}").json();
      assertThat(check.get("limit").longValue()).isEqualTo(rate);
    }
  }

  private static void awaitLimit(HttpCaller instance, String client, String key, long limit) {
    await().atMost(SOON).until(() -> look(instance, client, key).get("limit").longValue() == limit);
  }

  private static JsonNode look(HttpCaller instance, String client, String key) {
    return instance
        .check("{\"client_id\":\"%s\",\"limit_key\":\"%s\",\"cost\":0}".formatted(client, key))
        .json();
  }

  private static JsonNode check(HttpCaller instance, String client, String key) {
    return instance
        .check("{\"client_id\":\"%s\",\"limit_key\":\"%s\"}".formatted(client, key))
        .json();
  }
}
