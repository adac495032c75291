package io.ratelimiter.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ratelimiter.localstack.PostgresServer;
import io.ratelimiter.localstack.junit.LocalStack;
import io.ratelimiter.localstack.junit.PgBouncer;
import io.ratelimiter.localstack.junit.PrivateServers;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole product with least-privilege logins, through a pooler in transaction mode. */
@Tag("full")
@LocalStack
class LeastPrivilegeIT {

  private static final Path ROLES = Path.of("../deploy/postgres/roles.sql");
  private static final Duration SOON = Duration.ofSeconds(60);

  @Test
  void checksRulesAuditAndPageWork(@TempDir Path folder, PrivateServers servers) throws Exception {
    Deployment product = Deployment.on(servers, folder);
    product.database().execute(Files.readString(ROLES));
    try (PgBouncer pooler = PgBouncer.before(product.postgres(), folder)) {
      product.withDatabase(
          pooler.databaseUrl("limiter", PostgresServer.RATELIMITER),
          pooler.databaseUrl("auditor", PostgresServer.RATELIMITER));
      product.startAuditor();
      product.startLimiter();

      Caller caller = new Caller(product.port());
      assertThat(product.health().get("rules").get("source").asString()).isEqualTo("database");
      HttpResponse<String> created =
          admin(
              product,
              "/v1/admin/rules",
              BodyPublishers.ofString("{\"client_id\": \"own\", \"rate\": 2, \"window\": 60}"));
      assertThat(created.statusCode()).as(created.body()).isEqualTo(201);
      Awaitility.await()
          .atMost(SOON)
          .until(() -> caller.check("own").body().get("limit").intValue() == 2);
      Awaitility.await().atMost(SOON).until(() -> !caller.check("own").allowed());

      Awaitility.await()
          .atMost(SOON)
          .ignoreExceptions()
          .until(() ->
              product
                      .database()
                      .row(
                          "SELECT count(*) FROM audit.rate_limit_metrics"
                              + " WHERE client_id = 'own' AND blocked_count > 0")
                      .getFirst()
                  == 1);
      assertThat(
              product
                  .database()
                  .row("SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace"))
          .containsExactly(0L);
      HttpResponse<String> page = admin(product, "/v1/console/analytics/completeness", null);
      assertThat(page.body()).contains("\"instance\":\"limiter-1\"").contains("\"age_seconds\":");
      assertThat(admin(product, "/v1/console/status", null).body())
          .contains("\"instance\":\"limiter-1\",\"rules_revision\"");
    }
    analystsJoinTheAuditWithTheRulesHistory(product.postgres());
  }

  /** With the option of the documented line. */
  private static void analystsJoinTheAuditWithTheRulesHistory(PostgresServer postgres)
      throws SQLException {
    String url = postgres.jdbcUrl() + "&options=-c%20role%3Danalyst";
    try (Connection connection = DriverManager.getConnection(url);
        Statement statement = connection.createStatement()) {
      String changes =
          """
          SELECT h.after ->> 'rate' FROM audit.rule_revisions r
          JOIN limiter.rate_limit_rules_history h ON h.revision = r.rule_revision
          WHERE r.rule = 'own'
          """;
      ResultSet rate = statement.executeQuery(changes);
      assertThat(rate.next()).isTrue();
      assertThat(rate.getString(1)).isEqualTo("2");
      for (String forbidden :
          List.of(
              "SELECT * FROM limiter.rate_limit_rules", "DELETE FROM audit.rate_limit_totals")) {
        assertThatThrownBy(() -> statement.execute(forbidden))
            .hasMessageContaining("permission denied");
      }
    }
  }

  private static HttpResponse<String> admin(
      Deployment product, String path, HttpRequest.BodyPublisher body) throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://localhost:" + product.port() + path))
            .header("Authorization", "Bearer " + Deployment.ADMIN_TOKEN)
            .header("Content-Type", "application/json");
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client.send(
          body == null ? request.GET().build() : request.POST(body).build(),
          BodyHandlers.ofString());
    }
  }
}
