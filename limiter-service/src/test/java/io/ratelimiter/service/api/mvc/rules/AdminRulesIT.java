package io.ratelimiter.service.api.mvc.rules;

import static org.assertj.core.api.Assertions.assertThat;

import io.ratelimiter.localstack.junit.LocalStack;
import io.ratelimiter.service.ServiceUnderTest;
import io.ratelimiter.service.api.contract.HttpCaller;
import io.ratelimiter.service.api.contract.HttpCaller.Reply;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Stored rules by HTTP. */
@LocalStack
class AdminRulesIT extends RulesByHttp {

  @Test
  void aRuleOfTheOldFormIsCreatedAndThenReplacedUnderTheSameId() {
    Reply created = post("{\"client_id\":\"a\",\"rate\":20,\"window\":60,\"endpoint\":\"login\"}");
    long id = created.json().get("id").longValue();
    Reply replaced = post("{\"client_id\":\"a\",\"rate\":30,\"window\":60,\"endpoint\":\"login\"}");

    assertThat(created.status()).isEqualTo(201);
    assertThat(created.header("Location")).isEqualTo(RULES + "/" + id);
    assertThat(created.json().get("name").stringValue()).isEqualTo("a/login");
    assertThat(created.json().get("algorithm").isNull()).isTrue();
    assertThat(created.json().get("effective_algorithm").stringValue()).isEqualTo("token_bucket");
    assertThat(replaced.status()).isEqualTo(200);
    assertThat(replaced.json().get("id").longValue()).isEqualTo(id);
    assertThat(replaced.header("ETag"))
        .isEqualTo("\"" + replaced.json().get("revision").longValue() + "\"")
        .isNotEqualTo(created.header("ETag"));
    assertThat(get(RULES + "/" + id).json()).isEqualTo(replaced.json());
  }

  @Test
  void theClientDefaultMeansEveryClient() {
    Reply saved = post("{\"client_id\":\"default\",\"rate\":100,\"window\":60}");

    assertThat(saved.status()).isEqualTo(200);
    assertThat(saved.json().get("id").longValue()).isEqualTo(1);
    assertThat(saved.json().get("client_id").stringValue()).isEqualTo("*");
  }

  @Test
  void anAnswerCanBeSentBackByPut() {
    JsonNode rule = post("{\"client_id\":\"a\",\"rate\":20,\"window\":60}").json();

    Reply put = put(rule.get("id").longValue(), rule.toString());

    assertThat(put.status()).isEqualTo(200);
    assertThat(put.json().get("rate")).isEqualTo(rule.get("rate"));
    assertThat(put.json().get("created_at")).isEqualTo(rule.get("created_at"));
  }

  /** An answer that is sent back by PUT is the same rule, whether SQL or the API wrote it. */
  @Test
  void everyAnsweredRuleCanBeSentBackByPut() throws SQLException {
    sql(
        """
        INSERT INTO limiter.rate_limit_rules (id, tenant, name, client_id, limit_key, algorithm, rate,
          window_seconds, burst, mode, enabled, shared, always, fail_mode, valid_from, valid_until, metadata)
        VALUES
          (901, 'default', 'literal', 'default', '*', NULL, 5, 60, 9, 'enforce', true, false, false, NULL,
           NULL, NULL, '{}'),
          (902, 'acme', 'a%/@*', 'default', 'default', 'token_bucket', 1000000000, 9000000, 1000000000,
           'shadow', false, false, true, 'closed', '1970-01-01 00:00:00.000001Z',
           '9999-12-31 23:59:59.999999Z', '{"n": [1e300, 1e-300, 0.1, 9007199254740992], "s": "ü\u2028\\"", "d": {"default": null}}'),
          (903, 'default', 'star', '*', 'default', 'sliding_window', 10000, 31622400, NULL, 'enforce', true,
           false, false, 'local', NULL, NULL, '{"client_id": "default"}'),
          (904, 'default', 'emoji', '🚀', '*', NULL, 1, 1, NULL, 'enforce', true, true, false, NULL, NULL, NULL, '{}')
        """);
    sql(
        """
        UPDATE limiter.rate_limit_rules SET reserve_normal = 0.0001, reserve_low = 0.95, max_wait_ms = 30000, overdraft = 90
         WHERE id = 901
        """);
    for (JsonNode rule : get(RULES).json().get("rules")) {
      long id = rule.get("id").longValue();
      String before = row(id);
      Reply put = put(id, get(RULES + "/" + id).text(), "If-Match", tagOf(id));

      assertThat(put.status()).as(put.text()).isEqualTo(200);
      assertThat(row(id)).isEqualTo(before);
      // A deleted rule is restored from its history by a POST of the same fields.
      String history = get(RULES + "/" + id + "/history?limit=1").text();
      int after = history.indexOf("\"after\":") + "\"after\":".length();
      Reply posted = post(history.substring(after, history.lastIndexOf("}],")));
      assertThat(posted.status()).as(posted.text()).isEqualTo(200);
      assertThat(row(id)).isEqualTo(before);
    }
  }

  private String row(long id) throws SQLException {
    try (var connection = DriverManager.getConnection(database);
        var row =
            connection
                .createStatement()
                .executeQuery(
                    "SELECT (to_jsonb(r) - 'revision' - 'updated_at')::text FROM limiter.rate_limit_rules r WHERE id = "
                        + id)) {
      row.next();
      return row.getString(1);
    }
  }

  /** A burst without an algorithm: both instances inherit the token bucket. */
  @Test
  void anInheritingRuleMayHaveABurst() {
    Reply saved = post("{\"client_id\":\"b\",\"rate\":3,\"window\":60,\"burst\":7}");

    assertThat(saved.status()).isEqualTo(201);
    assertThat(saved.json().get("algorithm").isNull()).isTrue();
    assertThat(saved.json().get("effective_burst").longValue()).isEqualTo(7);
  }

  @Test
  void aDryRunChangesNothing() {
    long before = http.get("/rules").json().get("revision").longValue();
    String rule = "{\"client_id\":\"a\",\"rate\":20,\"window\":60}";

    Reply create = postTo(RULES + "?validate_only=true", rule);
    Reply invalid = postTo(RULES + "?validate_only=true", rule.replace("20", "-1"));
    Reply delete = http.send("DELETE", RULES + "/2?validate_only=true", "Authorization", BEARER);

    assertThat(create.status()).isEqualTo(200);
    assertThat(create.json().get("would").stringValue()).isEqualTo("create");
    assertThat(create.json().get("id").isNull()).isTrue();
    assertThat(invalid.status()).isEqualTo(400);
    assertThat(delete.json().get("would").stringValue()).isEqualTo("delete");
    assertThat(get(RULES + "/2").status()).isEqualTo(200);
    assertThat(get(RULES + "?client_id=a").json().get("rules")).isEmpty();
    assertThat(before).isPositive();
  }

  @Test
  void rulesAreListedPageByPage() {
    for (int n = 1; n <= 3; n++) {
      post("{\"client_id\":\"a\",\"rate\":1,\"window\":60,\"endpoint\":\"e%d\"}".formatted(n));
    }

    JsonNode page = get(RULES + "?client_id=a&limit=2").json();
    JsonNode next =
        get(RULES + "?client_id=a&limit=2&after=" + page.get("next_after").longValue()).json();

    assertThat(page.get("rules")).hasSize(2);
    assertThat(next.get("rules")).hasSize(1);
    assertThat(next.get("next_after").isNull()).isTrue();
  }

  @Test
  void theHistoryHasTheAuthorAndTheRequestOfEachChange() throws SQLException {
    Reply created =
        postTo(
            RULES,
            "{\"client_id\":\"a\",\"rate\":20,\"window\":60}",
            "X-Correlation-ID",
            "change-1");
    long id = created.json().get("id").longValue();
    sql("UPDATE limiter.rate_limit_rules SET rate = 21 WHERE id = " + id);
    http.send("DELETE", RULES + "/" + id, "Authorization", BEARER);

    JsonNode history = get(RULES + "/" + id + "/history").json().get("history");

    assertThat(history).hasSize(3);
    assertThat(history.get(2).get("operation").stringValue()).isEqualTo("create");
    assertThat(history.get(2).get("changed_by").stringValue()).isEqualTo("admin-api");
    assertThat(history.get(2).get("correlation_id").stringValue()).isEqualTo("change-1");
    assertThat(history.get(2).get("after").get("window").longValue()).isEqualTo(60);
    assertThat(history.get(1).get("changed_by").stringValue()).isEqualTo("ratelimiter");
    assertThat(history.get(1).get("before").get("rate").longValue()).isEqualTo(20);
    assertThat(history.get(1).get("after").get("rate").longValue()).isEqualTo(21);
    assertThat(history.get(0).get("operation").stringValue()).isEqualTo("delete");
    assertThat(get(RULES + "/4711/history").status()).isEqualTo(404);
  }

  @Test
  void withoutTheTokenNobodyComesIn() {
    assertThat(http.get(RULES).status()).isEqualTo(401);
    assertThat(http.get(RULES + "/2", "Authorization", "Bearer wrong").status()).isEqualTo(401);
    assertThat(http.post(RULES, "{}").status()).isEqualTo(401);
    assertThat(http.get("/rules").status()).isEqualTo(200);
  }

  @Test
  void withoutATokenNobodyComesInAtAll() {
    try (ServiceUnderTest without = new ServiceUnderTest(environment(Map.of("ADMIN_TOKEN", "")))) {
      HttpCaller other = new HttpCaller(without.url());

      for (Reply reply :
          List.of(
              other.get(RULES, "Authorization", "Bearer "),
              other.post(RULES, "{}", "Authorization", BEARER),
              other.send("DELETE", RULES + "/2", "Authorization", BEARER),
              other.get(RULES + "/2/history"))) {
        assertThat(reply.status()).isEqualTo(403);
        assertThat(reply.json().get("detail").stringValue()).contains("ADMIN_TOKEN");
      }
      assertThat(other.get("/rules").status()).isEqualTo(200);
    }
  }

  @Test
  void aRefusedChangeNamesTheSessionThatHasLockedTheRules() throws SQLException {
    try (var holder = DriverManager.getConnection(database);
        var sql = holder.createStatement()) {
      holder.setAutoCommit(false);
      sql.execute("SELECT revision FROM limiter.rule_set FOR UPDATE");

      Reply reply = post("{\"client_id\":\"a\",\"rate\":20,\"window\":60}");

      assertThat(reply.status()).isEqualTo(503);
      assertThat(reply.header("Retry-After")).isEqualTo("1");
      assertThat(reply.json().get("detail").stringValue())
          .contains("held by session")
          .contains("user ratelimiter");
      holder.rollback();
    }
    assertThat(post("{\"client_id\":\"a\",\"rate\":20,\"window\":60}").status()).isEqualTo(201);
  }

  @Test
  void withoutADatabaseRulesAreReadOnly() {
    try (ServiceUnderTest without =
        new ServiceUnderTest(
            environment(Map.of("DATABASE_URL", "", "ADMIN_TOKEN", "another-admin-token")))) {
      HttpCaller other = new HttpCaller(without.url());

      assertThat(other.get("/rules").json().get("source").stringValue()).isEqualTo("file");
      Reply list = other.get(RULES, "Authorization", "Bearer another-admin-token");
      assertThat(list.status()).isEqualTo(503);
      assertThat(list.json().get("detail").stringValue()).contains("DATABASE_URL is not set");
    }
  }
}
