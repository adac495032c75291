package io.ratelimiter.service.api.mvc.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.ratelimiter.localstack.junit.LocalStack;
import io.ratelimiter.service.api.contract.HttpCaller.Reply;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** The limits that apply to a check after a rule has changed: through the API, on a real Redis. */
@LocalStack
class RuleChoiceIT extends RulesByHttp {

  @Test
  void aRuleForOneClientOfATenantLeavesTheOthersTheirLimit() {
    assertThat(check("acme", "alice").get("rule").stringValue()).isEqualTo("default");

    save("{'tenant':'acme','client_id':'bob','rate':5,'window':60}");

    assertThat(check("acme", "bob").get("limit").longValue()).isEqualTo(5);
    JsonNode alice = check("acme", "alice");
    assertThat(alice.get("rule").stringValue()).isEqualTo("default");
    assertThat(alice.get("limit").longValue()).isEqualTo(100);
    assertThat(alice.get("remaining").longValue()).isEqualTo(98);
  }

  /** The same for a rule that names a limit key: the other keys keep their limit. */
  @Test
  void aRuleForOneLimitKeyOfATenantLeavesTheOthersTheirLimit() {
    save("{'tenant':'acme','client_id':'*','endpoint':'login','rate':5,'window':60}");

    assertThat(check("acme", "alice").get("limit").longValue()).isEqualTo(100);
  }

  @Test
  void anExemptRuleEndsTheChoiceWithoutALimit() {
    Reply saved = save("{'tenant':'acme','client_id':'alice','mode':'exempt'}");

    assertThat(saved.status()).isEqualTo(201);
    assertThat(saved.json().get("rate").isNull()).isTrue();
    assertThat(saved.json().get("effective_algorithm").isNull()).isTrue();
    JsonNode alice = check("acme", "alice");
    assertThat(alice.get("allowed").booleanValue()).isTrue();
    assertThat(alice.get("rule").isNull()).isTrue();
    assertThat(alice.get("limit").isNull()).isTrue();
    assertThat(alice.get("limits")).isEmpty();
    assertThat(service.published().decisionsOf("alice").getLast().decision().top()).isNull();
    assertThat(usage("acme", "alice")).isEmpty();
    assertThat(check("acme", "bob").get("limit").longValue()).isEqualTo(100);
    assertThat(redis.command("keys", "rl:{acme/alice}*")).isBlank();
    JsonNode active = http.get("/rules").json().get("rules").get(3);
    assertThat(active.get("mode").stringValue()).isEqualTo("exempt");
    assertThat(active.get("rate").isNull()).isTrue();
    assertThat(active.get("in_force").booleanValue()).isTrue();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'client_id':'a','mode':'exempt','rate':1} | window is required",
        "{'client_id':'a','mode':'exempt','window':1} | rate is required",
        "{'client_id':'a','mode':'exempt','algorithm':'token_bucket','burst':1} | rate is required",
        "{'client_id':'a','mode':'exempt','rate':-1,'window':1}"
            + " | rate must be 0 to 1000000000, not -1",
        "{'client_id':'a','mode':'exempt','always':true}"
            + " | always is not for mode exempt, which applies at its own level only",
        "{'client_id':'a','mode':'exempt','shared':true,'endpoint':'e'}"
            + " | shared is for limit_key * only, not for e",
        "{'client_id':'a','mode':'shadow','rate':1} | window is required"
      })
  void aFieldThatAnExemptRuleCannotHaveIsNamed(String body, String detail) {
    Reply reply = post(body.replace('\'', '"'));

    assertThat(reply.status()).isEqualTo(400);
    assertThat(reply.json().get("detail").stringValue()).isEqualTo(detail);
  }

  @Test
  void aRuleThatBecomesExemptKeepsItsNumbersForALaterChange() {
    String rule = "{'client_id':'alice','rate':5,'window':86400,'mode':'%s'}";
    save(rule.formatted("enforce"));
    check("default", "alice");

    assertThat(save(rule.formatted("exempt")).json().get("rate").longValue()).isEqualTo(5);
    assertThat(check("default", "alice").get("limits")).isEmpty();

    save(rule.formatted("enforce"));
    assertThat(check("default", "alice").get("remaining").longValue()).isEqualTo(3);
  }

  @ParameterizedTest
  @CsvSource({"86401, token_bucket, *", "86400, sliding_window, *", "86400, token_bucket, search"})
  void aChangeAndItsReversalResetTheCounter(long window, String algorithm, String key) {
    String rule =
        "{'client_id':'alice','rate':10,'window':%d,'algorithm':'%s','limit_key':'%s','name':'n'}";
    String first = rule.formatted(86_400, "token_bucket", "*");
    save(first);
    assertThat(check("default", "alice", 7).get("remaining").longValue()).isEqualTo(3);

    save(rule.formatted(window, algorithm, key));
    assertThat(check("default", "alice", 4).get("remaining").longValue()).isEqualTo(6);
    reset("alice");

    save(first);
    assertThat(check("default", "alice", 1).get("remaining").longValue()).isEqualTo(9);
  }

  @Test
  void refundAndResetReachTheCurrentCounter() {
    String rule = "{'client_id':'alice','rate':10,'window':%d}";
    for (int window : new int[] {86_400, 86_401, 86_400}) {
      save(rule.formatted(window));
      assertThat(check("default", "alice", 7).get("allowed").booleanValue()).isTrue();
    }

    http.post(
        "/v1/admin/refunds",
        "{\"client_id\":\"alice\",\"limit_key\":\"search\",\"cost\":2}",
        "Authorization",
        BEARER);
    assertThat(usage("default", "alice").get(0).get("remaining").longValue()).isEqualTo(5);
    reset("alice");
    assertThat(usage("default", "alice").get(0).get("remaining").longValue()).isEqualTo(10);
  }

  /** Returns once this instance applies the change. */
  private Reply save(String body) {
    Reply reply = post(body.replace('\'', '"'));
    assertThat(reply.status()).as(reply.json().toString()).isIn(200, 201);
    long revision = reply.json().get("revision").longValue();
    await()
        .atMost(SOON)
        .until(() -> http.get("/rules").json().get("revision").longValue() >= revision);
    return reply;
  }

  private void reset(String client) {
    Reply reply =
        http.send(
            "DELETE",
            "/v1/admin/usage?limit_key=search&client_id=" + client,
            "Authorization",
            BEARER);
    assertThat(reply.status()).isEqualTo(200);
  }

  private JsonNode check(String tenant, String client) {
    return check(tenant, client, 1);
  }

  private JsonNode check(String tenant, String client, int cost) {
    return http.check(
            "{\"tenant\":\"%s\",\"client_id\":\"%s\",\"limit_key\":\"search\",\"cost\":%d}"
                .formatted(tenant, client, cost))
        .json();
  }

  private JsonNode usage(String tenant, String client) {
    return http.get("/v1/usage?tenant=%s&client_id=%s&limit_key=search".formatted(tenant, client))
        .json()
        .get("limits");
  }
}
