package io.ratelimiter.service.rules.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.ratelimiter.localstack.PostgresServer;
import io.ratelimiter.localstack.junit.LocalStack;
import java.sql.SQLException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;

/** What the table records of each change, and in which revision. */
@LocalStack
@TestInstance(Lifecycle.PER_CLASS)
class RuleHistoryIT {

  private final Database database;

  RuleHistoryIT(PostgresServer postgres) {
    database = Database.migrated(postgres, "rule_history");
  }

  @BeforeEach
  void onlyTheShippedRules() throws SQLException {
    database.deleteAddedRules();
  }

  @Test
  void everyStatementRaisesTheRevisionOfTheSetAndOfTheRulesThatItChanges() throws SQLException {
    long before = revision();

    database.execute("UPDATE limiter.rate_limit_rules SET rate = rate + 1 WHERE id IN (1, 2)");

    assertThat(revision()).isEqualTo(before + 1);
    assertThat(
            database.query(
                "SELECT id FROM limiter.rate_limit_rules WHERE revision = %d ORDER BY id"
                    .formatted(before + 1)))
        .containsExactly("1", "2");
  }

  @Test
  void aRolledBackChangeRaisesNoRevision() throws SQLException {
    long before = revision();

    database.execute("BEGIN; DELETE FROM limiter.rate_limit_rules; ROLLBACK");

    assertThat(revision()).isEqualTo(before);
  }

  @Test
  void theHistoryRecordsAuthorOperationAndValues() throws SQLException {
    database.execute(
        "INSERT INTO limiter.rate_limit_rules (id, client_id, rate, window_seconds)"
            + " VALUES (900, 'recorded', 5, 60)");
    database.execute("UPDATE limiter.rate_limit_rules SET rate = 6 WHERE id = 900");
    database.execute("DELETE FROM limiter.rate_limit_rules WHERE id = 900");

    assertThat(
            database.query(
                """
                SELECT concat_ws(' ', operation, changed_by, before ->> 'rate', '->', after ->> 'rate',
                                 correlation_id)
                  FROM limiter.rate_limit_rules_history WHERE rule_id = 900 ORDER BY id
                """))
        .containsExactly(
            "create ratelimiter -> 5", "replace ratelimiter 5 -> 6", "delete ratelimiter 6 ->");
    assertThat(
            database.query(
                "SELECT count(DISTINCT revision) FROM limiter.rate_limit_rules_history"
                    + " WHERE rule_id = 900"))
        .containsExactly("3");
  }

  @Test
  void theHistoryRecordsATruncate() throws SQLException {
    long before = revision();
    try (var connection = database.connect();
        var statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      statement.execute("TRUNCATE limiter.rate_limit_rules");
      var noted =
          statement.executeQuery(
              "SELECT count(*) FROM limiter.rate_limit_rules_history WHERE operation = 'delete'"
                  + " AND revision = "
                  + (before + 1));
      noted.next();
      assertThat(noted.getInt(1)).isEqualTo(3);
      connection.rollback();
    }
  }

  @Test
  void theRightToWriteRulesIsEnoughForTheHistory() throws SQLException {
    database.execute(
        """
        CREATE ROLE operator LOGIN PASSWORD 'operator';
        GRANT USAGE ON SCHEMA limiter TO operator;
        GRANT SELECT, INSERT, UPDATE, DELETE ON limiter.rate_limit_rules TO operator;
        """);
    Database asOperator =
        new Database(
            database
                .url()
                .replaceAll("user=\\w+&password=\\w+", "user=operator&password=operator"));

    asOperator.execute(
        "INSERT INTO limiter.rate_limit_rules (id, client_id, rate, window_seconds)"
            + " VALUES (901, 'by-operator', 5, 60)");

    assertThat(
            database.query(
                "SELECT changed_by FROM limiter.rate_limit_rules_history WHERE rule_id = 901"))
        .containsExactly("operator");
  }

  private long revision() throws SQLException {
    return Long.parseLong(database.query("SELECT revision FROM limiter.rule_set").getFirst());
  }
}
