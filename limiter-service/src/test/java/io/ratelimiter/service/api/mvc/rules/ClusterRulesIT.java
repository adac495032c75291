package io.ratelimiter.service.api.mvc.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.ratelimiter.localstack.PostgresServer;
import io.ratelimiter.localstack.junit.LocalStack;
import io.ratelimiter.service.ServiceUnderTest;
import io.ratelimiter.service.api.contract.HttpCaller;
import io.ratelimiter.service.api.contract.HttpCaller.Reply;
import java.sql.DriverManager;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Rules that count several clients, where the store is configured as a cluster. */
@LocalStack
class ClusterRulesIT {

  // Rules do not depend on whether the cluster answers. Nothing listens on these ports.
  private static final String CLUSTER = "redis://127.0.0.1:1,127.0.0.1:2";

  private static final String TOTAL =
      "{\"tenant\":\"acme\",\"name\":\"total\",\"by\":[],\"rate\":5,\"window\":60}";
  private static final String DEVICE =
      "{\"tenant\":\"acme\",\"name\":\"device\",\"by\":[\"client_id\",\"device\"],\"rate\":5,\"window\":60}";

  /** It counts nothing. */
  private static final String BAN =
      """
      {"tenant":"acme","name":"ban","match":{"ip":"203.0.113.7"},"by":["ip"],"rate":0,"window":60}
      """;

  private static final String FAULT =
      "by must have client_id: with a Redis cluster, counters of several clients need"
          + " REDIS_PLACEMENT=tenant";

  private static ServiceUnderTest service(String database, String placement) {
    return new ServiceUnderTest(
        Map.of("DATABASE_URL", database, "REDIS_URL", CLUSTER, "REDIS_PLACEMENT", placement));
  }

  private static Reply save(HttpCaller http, String rule) {
    return http.post(
        "/v1/admin/rules", rule, "Authorization", "Bearer " + ServiceUnderTest.ADMIN_TOKEN);
  }

  @Test
  void withAPlacementByClientTheyAreRefused(PostgresServer postgres) throws Exception {
    String database = postgres.createDatabase("placed_by_client");
    try (ServiceUnderTest service = service(database, "client")) {
      HttpCaller http = new HttpCaller(service.url());

      Reply refused = save(http, TOTAL);
      assertThat(refused.status()).isEqualTo(400);
      assertThat(refused.json().get("detail").stringValue()).isEqualTo(FAULT);
      assertThat(save(http, DEVICE).status()).isEqualTo(201);
      assertThat(save(http, BAN).status()).isEqualTo(201);

      insertTotal(database);
      await()
          .untilAsserted(() ->
              assertThat(refusal(http).asString()).endsWith("(total of tenant acme): " + FAULT));
      assertThat(http.get("/rules").json().get("rules")).hasSize(5);
    }
  }

  private static void insertTotal(String database) throws Exception {
    try (var connection = DriverManager.getConnection(database);
        var sql = connection.createStatement()) {
      sql.execute(
          "INSERT INTO limiter.rate_limit_rules (tenant, client_id, name, by, rate, window_seconds)"
              + " VALUES ('acme', '*', 'total', '{}', 5, 60)");
    }
  }

  private static JsonNode refusal(HttpCaller http) {
    return http.get("/health").json().path("rules").path("refused_because");
  }

  @Test
  void withAPlacementByTenantTheyAreAccepted(PostgresServer postgres) {
    try (ServiceUnderTest service =
        service(postgres.createDatabase("placed_by_tenant"), "tenant")) {
      assertThat(save(new HttpCaller(service.url()), TOTAL).status()).isEqualTo(201);
    }
  }
}
