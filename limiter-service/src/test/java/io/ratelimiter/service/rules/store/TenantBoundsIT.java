package io.ratelimiter.service.rules.store;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ratelimiter.localstack.PostgresServer;
import io.ratelimiter.localstack.junit.LocalStack;
import java.sql.SQLException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;

/**
 * The bounds of a tenant whose rules have {@code match} or {@code by}, for writers that use psql.
 */
@LocalStack
@TestInstance(Lifecycle.PER_CLASS)
class TenantBoundsIT {

  private final Database database;

  TenantBoundsIT(PostgresServer postgres) {
    database = Database.migrated(postgres, "tenant_bounds");
  }

  @BeforeEach
  void onlyTheShippedRules() throws SQLException {
    database.deleteAddedRules();
  }

  @Test
  void rulesOfAnotherMatchOrByAreInAnotherCell() throws SQLException {
    String insert =
        """
        INSERT INTO limiter.rate_limit_rules (client_id, name, match, by, rate, window_seconds)
        SELECT '*', '%s-' || n, '%s', %s, 1, 1 FROM generate_series(1, %d) n
        """;
    database.execute(insert.formatted("a", "{\"ip\": \"*\"}", "'{ip}'", 8));
    database.execute(insert.formatted("b", "{\"ip\": \"x\"}", "'{ip}'", 8));
    database.execute(insert.formatted("c", "{\"ip\": \"*\"}", "NULL", 8));

    assertThatThrownBy(
            () -> database.execute(insert.formatted("d", "{\"ip\": \"*\"}", "'{ip}'", 1)))
        .hasMessageContaining(
            "more than 8 enabled rules for tenant default, client_id *, limit_key *,"
                + " match {\"ip\": \"*\"}, by [\"ip\"]");
    assertThatThrownBy(() -> database.execute(insert.formatted("d", "{\"ip\": \"*\"}", "NULL", 1)))
        .hasMessageContaining("more than 8 enabled rules");
  }

  @Test
  void aTenantHasAtMostEightLayers() throws SQLException {
    String insert =
        """
        INSERT INTO limiter.rate_limit_rules (client_id, name, match, by, rate, window_seconds, enabled)
        VALUES ('*', '%1$s', '%2$s', %3$s, 1, 1, %4$s)
        """;
    for (int n = 1; n <= 7; n++) {
      database.execute(insert.formatted("layer-" + n, "{}", "'{n" + n + "}'", true));
    }
    // Rules without match and by are in no layer of these; a rule with match alone is in one.
    database.execute(insert.formatted("plain", "{}", "NULL", true));
    database.execute(insert.formatted("null", "{\"n\": \"*\"}", "NULL", true));
    database.execute(insert.formatted("off", "{}", "'{ninth}'", false));
    database.execute(insert.formatted("same", "{\"n\": \"*\"}", "'{n1}'", true));

    String message =
        "more than 8 different by among the enabled rules of tenant default that have match or by";
    assertThatThrownBy(() -> database.execute(insert.formatted("ninth", "{}", "'{ninth}'", true)))
        .hasMessageContaining(message);
    assertThatThrownBy(() ->
            database.execute(
                "UPDATE limiter.rate_limit_rules SET enabled = true WHERE name = 'off'"))
        .hasMessageContaining(message);
    database.execute("DELETE FROM limiter.rate_limit_rules WHERE name = 'layer-7'");
    database.execute("UPDATE limiter.rate_limit_rules SET enabled = true WHERE name = 'off'");
  }

  @Test
  void aTenantHasAtMostEightShapes() throws SQLException {
    String insert =
        """
        INSERT INTO limiter.rate_limit_rules (client_id, limit_key, name, match, by, rate, window_seconds)
        VALUES ('%s', '%s', '%s', '%s', %s, 1, 1)
        """;
    database.execute(insert.formatted("*", "*", "1", "{}", "'{}'"));
    database.execute(insert.formatted("*", "*", "1-too", "{\"p\": \"x*\"}", "'{}'"));
    database.execute(insert.formatted("c", "*", "2", "{}", "'{}'"));
    database.execute(insert.formatted("*", "k", "3", "{}", "'{}'"));
    database.execute(insert.formatted("c", "k", "4", "{\"p\": \"*\"}", "'{}'"));
    database.execute(insert.formatted("d", "k", "4-too", "{\"q\": \"*\"}", "'{}'"));
    database.execute(insert.formatted("*", "*", "5", "{\"p\": \"x\"}", "'{}'"));
    database.execute(insert.formatted("*", "*", "6", "{\"q\": \"x\"}", "NULL"));
    database.execute(insert.formatted("*", "*", "7", "{\"p\": \"x\", \"q\": \"x\"}", "NULL"));
    database.execute(insert.formatted("c", "*", "8", "{\"p\": \"x\", \"q\": \"x\"}", "NULL"));
    database.execute(insert.formatted("c", "k", "plain", "{}", "NULL"));

    assertThatThrownBy(
            () -> database.execute(insert.formatted("*", "k", "9", "{\"p\": \"x\"}", "'{}'")))
        .hasMessageContaining(
            "more than 8 different sets of exactly matched attributes among the enabled rules of"
                + " tenant default that have match or by");
    database.execute(
        insert
            .formatted("*", "k", "9", "{\"p\": \"x\"}", "'{}'")
            .replace("(client_id", "(tenant, client_id")
            .replace("VALUES (", "VALUES ('acme', "));
  }
}
