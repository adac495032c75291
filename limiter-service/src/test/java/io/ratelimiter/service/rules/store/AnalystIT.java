package io.ratelimiter.service.rules.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ratelimiter.localstack.PostgresServer;
import io.ratelimiter.localstack.junit.LocalStack;
import io.ratelimiter.localstack.junit.PrivateServers;
import io.ratelimiter.runtime.DatabaseUrl;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the role {@code analyst} may read and do in the limiter's schema. */
@LocalStack
class AnalystIT {

  private static final Path ROLES = Path.of("../deploy/postgres/roles.sql");

  /** The option of the documented line. */
  private static final String AS_ANALYST = "&options=-c%20role%3Danalyst";

  @Test
  void anAnalystReadsTheRulesHistoryAndWritesNothing(PostgresServer postgres) throws SQLException {
    Database database = Database.migrated(postgres, "analyst");
    database.execute("UPDATE limiter.rate_limit_rules SET rate = 7 WHERE name = 'default'");
    Database analyst = new Database(database.url() + AS_ANALYST);

    assertThat(
            analyst.query(
                """
                SELECT before ->> 'rate' || ' -> ' || (after ->> 'rate')
                FROM limiter.rate_limit_rules_history
                WHERE revision = (SELECT revision FROM limiter.rule_set)
                """))
        .containsExactly("100 -> 7");
    for (String forbidden :
        List.of(
            "SELECT * FROM limiter.rate_limit_rules",
            "SELECT * FROM limiter.instances",
            "DELETE FROM limiter.rate_limit_rules_history",
            "UPDATE limiter.rule_set SET revision = 1",
            "INSERT INTO limiter.rate_limit_rules (client_id, rate, window_seconds) VALUES ('a', 1, 1)",
            "CREATE TABLE limiter.mine (n int)",
            "SELECT limiter.note_rule_change(1, 'create', NULL, NULL)",
            "CREATE TEMP TABLE mine (n int); CREATE TRIGGER raise AFTER INSERT ON mine"
                + " FOR EACH STATEMENT EXECUTE FUNCTION limiter.raise_rule_set_revision()")) {
      assertThatThrownBy(() -> analyst.execute(forbidden))
          .as(forbidden)
          .isInstanceOfSatisfying(
              SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("42501"));
    }
  }

  @Test
  void theRoleMayBeCreatedAfterTheRules(PrivateServers servers) throws Exception {
    PostgresServer postgres = servers.postgres();
    Database admin = new Database(postgres.jdbcUrl());
    admin.execute("CREATE ROLE owner LOGIN PASSWORD 'owner'");
    admin.execute("GRANT CREATE ON DATABASE ratelimiter TO owner");
    String url =
        postgres
            .jdbcUrl()
            .replace("user=ratelimiter&password=ratelimiter", "user=owner&password=owner");
    try (RulesDatabase pool = RulesDatabase.at(DatabaseUrl.parse(url))) {
      new DatabaseRules(pool.pool()).version();
    }
    assertThat(admin.query("SELECT rolname FROM pg_roles WHERE rolname = 'analyst'")).isEmpty();

    admin.execute(Files.readString(ROLES));

    try (Connection analyst = DriverManager.getConnection(postgres.jdbcUrl() + AS_ANALYST);
        var statement = analyst.createStatement()) {
      assertThat(statement.executeQuery("SELECT * FROM limiter.rate_limit_rules_history").next())
          .isTrue();
      assertThatThrownBy(() -> statement.execute("DELETE FROM limiter.rule_set"))
          .isInstanceOf(SQLException.class);
    }
  }
}
