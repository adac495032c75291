package io.ratelimiter.service.api.mvc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.ratelimiter.localstack.PostgresServer;
import io.ratelimiter.localstack.RedisServer;
import io.ratelimiter.localstack.junit.LocalStack;
import io.ratelimiter.service.ServiceUnderTest;
import io.ratelimiter.service.api.contract.HttpCaller;
import io.ratelimiter.service.api.contract.HttpCaller.Reply;
import java.net.http.HttpRequest.BodyPublishers;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Rules by HTTP, on two instances that share a database and a Redis. */
@LocalStack
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AdminRulesIT {

  private static final Duration SOON = Duration.ofSeconds(15);
  private static final String BEARER = "Bearer " + ServiceUnderTest.ADMIN_TOKEN;
  private static final String RULES = "/v1/admin/rules";

  private RedisServer redis;
  private String database;
  private ServiceUnderTest firstInstance;
  private ServiceUnderTest secondInstance;
  private HttpCaller first;
  private HttpCaller second;

  @BeforeAll
  void start(RedisServer server, PostgresServer postgres) {
    redis = server;
    database = postgres.createDatabase("admin_rules");
    firstInstance = new ServiceUnderTest(environment(Map.of()));
    secondInstance = new ServiceUnderTest(environment(Map.of()));
    first = new HttpCaller(firstInstance.url());
    second = new HttpCaller(secondInstance.url());
  }

  private Map<String, String> environment(Map<String, String> more) {
    Map<String, String> environment = new HashMap<>(more);
    environment.put("REDIS_PORT", Integer.toString(redis.port()));
    environment.putIfAbsent("DATABASE_URL", database);
    return environment;
  }

  @AfterAll
  void stop() {
    firstInstance.close();
    secondInstance.close();
  }

  @BeforeEach
  void onlyTheShippedRules() throws SQLException {
    redis.command("flushall");
    sql("DELETE FROM limiter.rate_limit_rules WHERE id > 3");
  }

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
  void theClientCalledDefaultIsEverybody() {
    Reply saved = post("{\"client_id\":\"default\",\"rate\":100,\"window\":60}");

    assertThat(saved.status()).isEqualTo(200);
    assertThat(saved.json().get("id").longValue()).isEqualTo(1);
    assertThat(saved.json().get("client_id").stringValue()).isEqualTo("*");
  }

  @Test
  void whatIsAnsweredCanBePutBack() {
    JsonNode rule = post("{\"client_id\":\"a\",\"rate\":20,\"window\":60}").json();

    Reply put = put(rule.get("id").longValue(), rule.toString());

    assertThat(put.status()).isEqualTo(200);
    assertThat(put.json().get("rate")).isEqualTo(rule.get("rate"));
    assertThat(put.json().get("created_at")).isEqualTo(rule.get("created_at"));
  }

  @Test
  void aStaleRevisionIsRefusedWith412() {
    Reply created = post("{\"client_id\":\"a\",\"rate\":20,\"window\":60}");
    long id = created.json().get("id").longValue();
    String newer = "{\"client_id\":\"a\",\"rate\":21,\"window\":60}";
    assertThat(put(id, newer, "If-Match", created.header("ETag")).status()).isEqualTo(200);

    Reply late = put(id, newer, "If-Match", created.header("ETag"));
    assertThat(late.status()).isEqualTo(412);
    assertThat(late.json().get("detail").stringValue())
        .startsWith("If-Match: the rule has revision");
    assertThat(put(id, newer, "If-Match", "\"foreign\"").status()).isEqualTo(412);
    assertThat(
            first
                .send("DELETE", RULES + "/" + id, "Authorization", BEARER, "If-Match", "\"1\"")
                .status())
        .isEqualTo(412);
    assertThat(put(id, newer, "If-Match", "W/" + tagOf(id)).status()).isEqualTo(412);
    assertThat(put(id, newer, "If-Match", "\"x\", " + tagOf(id)).status()).isEqualTo(200);
    assertThat(put(id, newer, "If-Match", "*").status()).isEqualTo(200);
    assertThat(first.send("DELETE", RULES + "/" + id, "Authorization", BEARER).status())
        .isEqualTo(204);
    assertThat(get(RULES + "/" + id).status()).isEqualTo(404);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'rate':1,'window':1} | client_id is required",
        "{'client_id':'a','window':1} | rate is required",
        "{'client_id':'a','rate':'1','window':1} | rate must be a whole number, not \"1\"",
        "{'client_id':'a','rate':1.5,'window':1} | rate must be a whole number, not 1.5",
        "{'client_id':'a','rate':1,'window':0} | window must be 1 to 31622400 seconds, not 0",
        "{'client_id':'','rate':1,'window':1,'name':'x'} | client_id must have 1 to 256 bytes",
        "{'client_id':'a','rate':1,'window':1,'tenant':'A'}"
            + " | tenant must match [a-z0-9][a-z0-9_-]{0,62}, not \"A\"",
        "{'client_id':'a','rate':1,'window':1,'mode':'log'}"
            + " | mode must be enforce, shadow or exempt, not \"log\"",
        "{'client_id':'a','rate':1,'window':1,'shared':true,'endpoint':'e'}"
            + " | shared is for limit_key * only, not for e",
        "{'client_id':'a','rate':1,'window':1,'endpoint':'e','limit_key':'f'}"
            + " | endpoint and limit_key are the same thing, but differ",
        "{'client_id':'a','rate':10001,'window':1,'algorithm':'sliding_window'}"
            + " | rate of sliding_window must be at most 10000, not 10001;"
            + " sliding_window_counter has no such bound",
        "{'client_id':'a','rate':1,'window':1,'valid_from':'tomorrow'}"
            + " | valid_from must be a time with its offset from 1970 to 9999,"
            + " as 2026-11-27T00:00:00Z, not \"tomorrow\"",
        "[] | a rule must be a JSON object"
      })
  void badInputIsNamedWithItsFieldAndFault(String body, String detail) {
    Reply reply = post(body.replace('\'', '"'));

    assertThat(reply.status()).isEqualTo(400);
    assertThat(reply.json().get("detail").stringValue()).isEqualTo(detail);
  }

  private String tagOf(long id) {
    return get(RULES + "/" + id).header("ETag");
  }

  @Test
  void ifNoneMatchSparesAnAnswerAndAReplacement() {
    String rule = "{\"client_id\":\"a\",\"rate\":20,\"window\":60}";
    Reply created = postTo(RULES, rule, "If-None-Match", "*");
    String path = RULES + "/" + created.json().get("id").longValue();
    String tag = created.header("ETag");

    assertThat(created.status()).isEqualTo(201);
    Reply again = postTo(RULES, rule, "If-None-Match", "*");
    assertThat(again.status()).isEqualTo(412);
    assertThat(again.json().get("detail").stringValue())
        .startsWith("If-None-Match: the rule is there");
    assertThat(put(created.json().get("id").longValue(), rule, "If-None-Match", "*").status())
        .isEqualTo(412);
    assertThat(first.send("DELETE", path, "Authorization", BEARER, "If-None-Match", "*").status())
        .isEqualTo(412);
    for (String known : List.of(tag, "W/" + tag, "\"x\", " + tag, "*")) {
      Reply same = first.get(path, "Authorization", BEARER, "If-None-Match", known);
      assertThat(same.status()).as(known).isEqualTo(304);
      assertThat(same.header("ETag")).isEqualTo(tag);
      assertThat(same.text()).isEmpty();
    }
    assertThat(first.get(path, "Authorization", BEARER, "If-None-Match", "\"x\"").status())
        .isEqualTo(200);
    assertThat(first.get(path, "Authorization", BEARER, "If-Match", "\"x\"").status())
        .isEqualTo(412);
    Reply absent = postTo(RULES, rule.replace("\"a\"", "\"absent\""), "If-Match", tag);
    assertThat(absent.status()).isEqualTo(412);
    assertThat(get(RULES + "?client_id=absent").json().get("rules")).isEmpty();
    assertThat(postTo(RULES, rule, "If-Match", "unquoted").status()).isEqualTo(400);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0x2",
        "+2",
        "02",
        "%202",
        "2%20",
        "\u0662",
        "#2",
        "0",
        "-2",
        "9223372036854775808"
      })
  void anIdIsPlainDecimalDigits(String id) {
    String path = RULES + "/" + id.replace("\u0662", "%D9%A2").replace("#", "%23");

    for (Reply reply :
        List.of(
            first.send("DELETE", path, "Authorization", BEARER),
            get(path),
            get(path + "/history"))) {
      assertThat(reply.status()).isEqualTo(400);
      assertThat(reply.json().get("detail").stringValue()).startsWith("id must be a whole number");
    }
    assertThat(get(RULES + "/2").status()).isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"tenant", "client_id", "limit_key", "endpoint", "name", "mode", "enabled"})
  void nulInAFilterIsTheCallersFault(String filter) {
    Reply reply = get(RULES + "?" + filter + "=a%00b");

    assertThat(reply.status()).isEqualTo(400);
    assertThat(reply.json().get("detail").stringValue())
        .isEqualTo(filter + " must not have the character NUL");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "'rate':1,'rate':2 | \"rate\" must be given once",
        "'metadata':{'a':1,'a':2} | \"a\" must be given once",
        "'rate':1e-400 | rate must be a whole number, not 1E-400",
        "'rate':1e999999999 | rate must be a whole number, not 1E+999999999",
        "'rate':1,'metadata':{'a':1e2000} | metadata must have only numbers that a double holds",
        "'rate':1,'metadata':{'a':9007199254740993} | metadata must have only numbers",
        "'rate':1,'metadata':{'a':'\\u0000'} | metadata must be text without NUL",
        "'rate':1,'metadata':{'\\ud800':1} | metadata must be text without NUL and lone surrogates"
      })
  void valuesThatCannotBeStoredUnchangedAreRefusedWith400(String members, String fault) {
    Reply reply = post(("{'client_id':'a','window':1," + members + "}").replace('\'', '"'));

    assertThat(reply.status()).isEqualTo(400);
    assertThat(reply.json().get("detail").stringValue()).contains(fault);
    assertThat(get(RULES + "?client_id=a").json().get("rules")).isEmpty();
  }

  @Test
  void aBodyThatIsNotJsonInUtf8IsRefused() {
    String rule = "{\"client_id\":\"a\",\"rate\":20,\"window\":60}";

    assertThat(postTo(RULES, rule, "Content-Type", "text/plain").status()).isEqualTo(415);
    assertThat(postTo(RULES, rule, "Content-Type", "application/json;charset=utf-16").status())
        .isEqualTo(415);
    assertThat(postTo(RULES, "").status()).isEqualTo(400);
  }

  /** An answer that is sent back by PUT is the same rule, whether SQL or the API wrote it. */
  @Test
  void everyRuleThatIsAnsweredCanBePutBack() throws SQLException {
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
  void aNameThatWouldBeTooLongMustBeGiven() {
    String body = "{\"client_id\":\"%s\",\"rate\":1,\"window\":1}".formatted("ü".repeat(40));

    assertThat(post(body).json().get("detail").stringValue())
        .isEqualTo(
            "name is required: made from client_id and endpoint it would have 240 characters,"
                + " more than 128");
    assertThat(post(body.replace("}", ",\"name\":\"n\"}")).status()).isEqualTo(201);
  }

  @ParameterizedTest
  @CsvSource({"limit=0", "limit=1001", "after=x", "mode=log", "enabled=1"})
  void badQueriesAreNamedToo(String query) {
    Reply reply = get(RULES + "?" + query);

    assertThat(reply.status()).isEqualTo(400);
    assertThat(reply.json().get("detail").stringValue()).startsWith(query.split("=")[0] + " must");
  }

  @ParameterizedTest
  @ValueSource(strings = {"=false", "limit=%ff"})
  void queriesThatAreNoneAreRefused(String query) {
    Reply reply = get(RULES + "?" + query);

    assertThat(reply.status()).isEqualTo(400);
    assertThat(reply.json().get("detail").stringValue()).contains("query");
  }

  @Test
  void aDryRunChangesNothing() {
    long before = first.get("/rules").json().get("revision").longValue();
    String rule = "{\"client_id\":\"a\",\"rate\":20,\"window\":60}";

    Reply create = postTo(RULES + "?validate_only=true", rule);
    Reply invalid = postTo(RULES + "?validate_only=true", rule.replace("20", "0"));
    Reply delete = first.send("DELETE", RULES + "/2?validate_only=true", "Authorization", BEARER);

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
  void theHistoryTellsWhoChangedWhatByWhichRequest() throws SQLException {
    Reply created =
        postTo(
            RULES,
            "{\"client_id\":\"a\",\"rate\":20,\"window\":60}",
            "X-Correlation-ID",
            "change-1");
    long id = created.json().get("id").longValue();
    sql("UPDATE limiter.rate_limit_rules SET rate = 21 WHERE id = " + id);
    first.send("DELETE", RULES + "/" + id, "Authorization", BEARER);

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
    assertThat(first.get(RULES).status()).isEqualTo(401);
    assertThat(first.get(RULES + "/2", "Authorization", "Bearer wrong").status()).isEqualTo(401);
    assertThat(first.post(RULES, "{}").status()).isEqualTo(401);
    assertThat(first.get("/rules").status()).isEqualTo(200);
  }

  @Test
  void withoutATokenNobodyComesInAtAll() {
    try (ServiceUnderTest service = new ServiceUnderTest(environment(Map.of("ADMIN_TOKEN", "")))) {
      HttpCaller http = new HttpCaller(service.url());

      for (Reply reply :
          List.of(
              http.get(RULES, "Authorization", "Bearer "),
              http.post(RULES, "{}", "Authorization", BEARER),
              http.send("DELETE", RULES + "/2", "Authorization", BEARER),
              http.get(RULES + "/2/history"))) {
        assertThat(reply.status()).isEqualTo(403);
        assertThat(reply.json().get("detail").stringValue()).contains("ADMIN_TOKEN");
      }
      assertThat(http.get("/rules").status()).isEqualTo(200);
    }
  }

  @Test
  void whoHoldsTheRulesIsNamedToWhoWantsToChangeThem() throws SQLException {
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
    try (ServiceUnderTest service =
        new ServiceUnderTest(
            environment(Map.of("DATABASE_URL", "", "ADMIN_TOKEN", "another-admin-token")))) {
      HttpCaller http = new HttpCaller(service.url());

      assertThat(http.get("/rules").json().get("source").stringValue()).isEqualTo("file");
      Reply list = http.get(RULES, "Authorization", "Bearer another-admin-token");
      assertThat(list.status()).isEqualTo(503);
      assertThat(list.json().get("detail").stringValue()).contains("DATABASE_URL is not set");
    }
  }

  @Test
  void whatIsChangedOnOneInstanceOrWithSqlIsObeyedByBoth() throws SQLException {
    Reply saved =
        post("{\"client_id\":\"client_a\",\"endpoint\":\"login\",\"rate\":3,\"window\":60}");
    long revision = saved.json().get("revision").longValue();

    awaitLimit(first, "client_a", "login", 3);
    awaitLimit(second, "client_a", "login", 3);
    JsonNode answer = check(second, "client_a", "login");
    assertThat(answer.get("rule").stringValue()).isEqualTo("client_a/login");
    assertThat(answer.get("rule_revision").longValue()).isEqualTo(revision);

    sql("UPDATE limiter.rate_limit_rules SET rate = 5 WHERE name = 'client_a/login'");
    awaitLimit(first, "client_a", "login", 5);
    awaitLimit(second, "client_a", "login", 5);
  }

  @Test
  void raisingALimitKeepsWhatWasConsumedAndAnotherAlgorithmStartsAfresh() {
    String rule = "{\"client_id\":\"b\",\"rate\":%d,\"window\":86400,\"algorithm\":\"%s\"}";
    post(rule.formatted(3, "fixed_window"));
    awaitLimit(first, "b", "x", 3);
    for (int n = 0; n < 3; n++) {
      assertThat(check(first, "b", "x").get("allowed").booleanValue()).isTrue();
    }
    assertThat(check(first, "b", "x").get("allowed").booleanValue()).isFalse();

    post(rule.formatted(5, "fixed_window"));
    awaitLimit(first, "b", "x", 5);
    assertThat(check(first, "b", "x").get("remaining").longValue()).isEqualTo(1);

    post(rule.formatted(5, "sliding_window"));
    await()
        .atMost(SOON)
        .until(() -> look(first, "b", "x").get("algorithm").stringValue().equals("sliding_window"));
    assertThat(check(first, "b", "x").get("remaining").longValue()).isEqualTo(4);
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

  private Reply post(String body) {
    return postTo(RULES, body);
  }

  private Reply postTo(String path, String body, String... headers) {
    String[] all = new String[headers.length + 2];
    all[0] = "Authorization";
    all[1] = BEARER;
    System.arraycopy(headers, 0, all, 2, headers.length);
    return first.post(path, body, all);
  }

  private Reply put(long id, String body, String... headers) {
    return first.send(
        RULES + "/" + id,
        request -> {
          request
              .PUT(BodyPublishers.ofString(body))
              .header("Content-Type", "application/json")
              .header("Authorization", BEARER);
          for (int i = 0; i < headers.length; i += 2) {
            request.setHeader(headers[i], headers[i + 1]);
          }
        });
  }

  private Reply get(String path) {
    return first.get(path, "Authorization", BEARER);
  }

  private void sql(String statement) throws SQLException {
    try (var connection = DriverManager.getConnection(database);
        var sql = connection.createStatement()) {
      sql.execute(statement);
    }
  }

  @Test
  void aChangeIsInForceOnTheLimiterThatTookItOnceItIsAnswered() {
    for (int rate = 1; rate <= 30; rate++) {
      String rule =
          "{\"client_id\":\"at-once\",\"rate\":%d,\"window\":60,\"algorithm\":\"fixed_window\"}"
              .formatted(rate);
      assertThat(first.post(RULES, rule, "Authorization", BEARER).status()).isIn(200, 201);
      JsonNode check = first.check("{\"client_id\":\"at-once\",\"cost\":0}").json();
      assertThat(check.get("limit").longValue()).isEqualTo(rate);
    }
  }

  @Test
  void aFilterThatIsGivenTwiceIsRefused() {
    Reply reply = get(RULES + "?client_id=a&client_id=b");
    assertThat(reply.status()).isEqualTo(400);
    assertThat(reply.json().get("detail").stringValue()).isEqualTo("client_id must be given once");
  }
}
