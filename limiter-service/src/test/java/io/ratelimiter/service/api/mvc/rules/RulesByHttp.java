package io.ratelimiter.service.api.mvc.rules;

import static org.awaitility.Awaitility.await;

import io.ratelimiter.localstack.PostgresServer;
import io.ratelimiter.localstack.RedisServer;
import io.ratelimiter.service.ServiceUnderTest;
import io.ratelimiter.service.api.contract.HttpCaller;
import io.ratelimiter.service.api.contract.HttpCaller.Reply;
import java.net.http.HttpRequest.BodyPublishers;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInstance;

/**
 * A service with a database and a Redis, and its rules by HTTP; each test begins with the shipped
 * rules.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class RulesByHttp {

  static final Duration SOON = Duration.ofSeconds(15);
  static final String BEARER = "Bearer " + ServiceUnderTest.ADMIN_TOKEN;
  static final String RULES = "/v1/admin/rules";

  RedisServer redis;
  String database;
  ServiceUnderTest service;
  HttpCaller http;

  @BeforeAll
  final void start(RedisServer server, PostgresServer postgres) {
    redis = server;
    database = postgres.createDatabase(getClass().getSimpleName().toLowerCase(Locale.ROOT));
    service = new ServiceUnderTest(environment(Map.of()));
    http = new HttpCaller(service.url());
  }

  final Map<String, String> environment(Map<String, String> more) {
    Map<String, String> environment = new HashMap<>(more);
    environment.put("REDIS_PORT", Integer.toString(redis.port()));
    environment.putIfAbsent("DATABASE_URL", database);
    return environment;
  }

  @AfterAll
  final void stop() {
    service.close();
  }

  @BeforeEach
  final void onlyTheShippedRules() throws SQLException {
    redis.command("flushall");
    sql("DELETE FROM limiter.rate_limit_rules WHERE id > 3");
    await().atMost(SOON).until(() -> http.get("/rules").json().get("rules").size() == 3);
  }

  final Reply post(String body) {
    return postTo(RULES, body);
  }

  final Reply postTo(String path, String body, String... headers) {
    String[] all = new String[headers.length + 2];
    all[0] = "Authorization";
    all[1] = BEARER;
    System.arraycopy(headers, 0, all, 2, headers.length);
    return http.post(path, body, all);
  }

  final Reply put(long id, String body, String... headers) {
    return http.send(
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

  final Reply get(String path) {
    return http.get(path, "Authorization", BEARER);
  }

  final void sql(String statement) throws SQLException {
    try (var connection = DriverManager.getConnection(database);
        var sql = connection.createStatement()) {
      sql.execute(statement);
    }
  }

  final String tagOf(long id) {
    return get(RULES + "/" + id).header("ETag");
  }
}
