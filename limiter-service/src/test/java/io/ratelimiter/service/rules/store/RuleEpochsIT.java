package io.ratelimiter.service.rules.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.ratelimiter.localstack.PostgresServer;
import io.ratelimiter.localstack.junit.LocalStack;
import java.sql.SQLException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** When the table raises the counter epoch of a rule. */
@LocalStack
@TestInstance(Lifecycle.PER_CLASS)
class RuleEpochsIT {

  private static final String INSERT_COUNTED =
      "INSERT INTO limiter.rate_limit_rules"
          + " (id, client_id, rate, window_seconds, algorithm, counter_epoch)"
          + " VALUES (950, 'counted', 5, 60, 'token_bucket', 55)";

  private final Database database;
  private long epochBefore;

  RuleEpochsIT(PostgresServer postgres) {
    database = Database.migrated(postgres, "rule_epochs");
  }

  @BeforeEach
  void onlyTheShippedRules() throws SQLException {
    database.deleteAddedRules();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "window_seconds = 61 | window_seconds = 60",
        "algorithm = 'fixed_window' | algorithm = 'token_bucket'",
        "algorithm = NULL | algorithm = 'token_bucket'",
        "tenant = 'acme' | tenant = 'default'",
        "client_id = 'other' | client_id = 'counted'",
        "limit_key = 'login' | limit_key = '*'",
        "shared = true | shared = false",
        "by = '{}' | by = NULL",
        "by = '{client_id}' | by = NULL",
        "match = '{\"ip\": \"*\"}' | match = '{}'",
        "mode = 'exempt', rate = NULL, window_seconds = NULL"
            + " | mode = 'enforce', rate = 5, window_seconds = 60"
      })
  void changesOfWhatIsCountedRaiseTheEpoch(String change, String back) throws SQLException {
    insertCounted();

    database.execute("UPDATE limiter.rate_limit_rules SET " + change + " WHERE id = 950");
    assertThat(epoch()).isEqualTo(epochBefore + 1);
    database.execute("UPDATE limiter.rate_limit_rules SET " + back + " WHERE id = 950");
    assertThat(epoch()).isEqualTo(epochBefore + 2);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "rate = 6",
        "burst = 9",
        "reserve_normal = 0.2, reserve_low = 0.5",
        "max_wait_ms = 500",
        "overdraft = 20",
        "name = 'renamed'",
        "mode = 'shadow'",
        "mode = 'exempt'",
        "enabled = false",
        "always = true",
        "fail_mode = 'local'",
        "valid_until = '2030-01-01Z'",
        "metadata = '{\"a\": 1}'",
        "window_seconds = 60",
        "by = NULL, match = '{}'",
        "counter_epoch = 77"
      })
  void otherChangesKeepTheEpoch(String change) throws SQLException {
    insertCounted();

    database.execute("UPDATE limiter.rate_limit_rules SET " + change + " WHERE id = 950");

    assertThat(epoch()).isEqualTo(epochBefore);
  }

  /** A script that deletes and inserts rows with their ids has the same effect as updates. */
  @Test
  void aRuleThatIsInsertedAgainUnderItsIdKeepsItsEpoch() throws SQLException {
    insertCounted();
    database.execute("DELETE FROM limiter.rate_limit_rules WHERE id = 950");
    database.execute(INSERT_COUNTED);
    assertThat(epoch()).isEqualTo(epochBefore);

    database.execute("DELETE FROM limiter.rate_limit_rules WHERE id = 950");
    database.execute(INSERT_COUNTED.replace("60", "61"));
    assertThat(epoch()).isEqualTo(epochBefore + 1);
    database.execute("UPDATE limiter.rate_limit_rules SET id = 949 WHERE id = 950");
    database.execute("UPDATE limiter.rate_limit_rules SET id = 950 WHERE id = 949");
    assertThat(epoch()).isEqualTo(epochBefore + 1);
  }

  @Test
  void aHistoryWithoutEpochsCountsAsEpochZero() throws SQLException {
    insertCounted();
    database.execute("DELETE FROM limiter.rate_limit_rules WHERE id = 950");
    database.execute(
        "UPDATE limiter.rate_limit_rules_history SET before = before - 'counter_epoch'"
            + " WHERE rule_id = 950");

    insertCounted();

    assertThat(epochBefore).isZero();
  }

  @Test
  void aHistoryFromBeforeMatchAndByIsThatOfARuleWithoutThem() throws SQLException {
    insertCounted();
    database.execute("DELETE FROM limiter.rate_limit_rules WHERE id = 950");
    database.execute(
        "UPDATE limiter.rate_limit_rules_history SET before = before - 'match' - 'by'"
            + " WHERE rule_id = 950");

    database.execute(INSERT_COUNTED);

    assertThat(epoch()).isEqualTo(epochBefore);
  }

  private void insertCounted() throws SQLException {
    database.execute(INSERT_COUNTED);
    epochBefore = epoch();
    assertThat(epochBefore).isLessThan(55);
  }

  private long epoch() throws SQLException {
    return Long.parseLong(
        database
            .query("SELECT counter_epoch FROM limiter.rate_limit_rules WHERE id = 950")
            .getFirst());
  }
}
