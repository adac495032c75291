package io.ratelimiter.service.rules.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ratelimiter.localstack.PostgresServer;
import io.ratelimiter.localstack.junit.LocalStack;
import io.ratelimiter.runtime.DatabaseUrl;
import io.ratelimiter.service.rules.Algorithm;
import io.ratelimiter.service.rules.InvalidRuleSetException;
import io.ratelimiter.service.rules.Rule;
import io.ratelimiter.service.rules.Spending;
import io.ratelimiter.service.rules.definition.RuleContext;
import io.ratelimiter.service.rules.definition.StoredRule;
import io.ratelimiter.service.rules.json.RuleJsonReader;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.node.ObjectNode;

/** The columns of spending: the table accepts exactly what the service accepts. */
@LocalStack
@TestInstance(Lifecycle.PER_CLASS)
class RuleSpendingIT {

  private static final long SEED = 20261201;
  private static final int RANDOM_RULES = 3_000;

  private static final String[] FIELDS = {"reserve", "max_wait_ms", "overdraft", "burst", "rate"};

  private final Database database;

  RuleSpendingIT(PostgresServer postgres) {
    database = Database.migrated(postgres, "rule_spending");
  }

  @BeforeEach
  void oneRuleBesideTheShippedOnes() throws SQLException {
    database.deleteAddedRules();
    database.execute(
        "INSERT INTO limiter.rate_limit_rules (id, client_id, rate, window_seconds)"
            + " VALUES (900, 'spent', 100, 60)");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "reserve_normal = 0.2 | reserve_normal_is_0_to_reserve_low",
        "reserve_normal = 0.5001, reserve_low = 0.5 | reserve_normal_is_0_to_reserve_low",
        "reserve_normal = -0.0001 | reserve_normal_is_0_to_reserve_low",
        "reserve_low = 0.9501 | reserve_low_is_0_to_95_hundredths",
        "reserve_low = 'NaN' | reserve_low_is_0_to_95_hundredths",
        "reserve_low = 'Infinity' | reserve_low_is_0_to_95_hundredths",
        "reserve_low = 0.20001 | reserve_has_at_most_4_decimals",
        "reserve_low = 0.5, reserve_normal = 1e-16383 | reserve_has_at_most_4_decimals",
        "max_wait_ms = 30001 | max_wait_is_0_to_30000_ms",
        "max_wait_ms = -1 | max_wait_is_0_to_30000_ms",
        "max_wait_ms = 1, algorithm = 'fixed_window' | max_wait_is_for_token_bucket_only",
        "max_wait_ms = 1, algorithm = 'sliding_window' | max_wait_is_for_token_bucket_only",
        "max_wait_ms = 1, algorithm = 'sliding_window_counter' | max_wait_is_for_token_bucket_only",
        "overdraft = 1001 | overdraft_is_0_to_10_times_the_capacity",
        "overdraft = 51, burst = 5 | overdraft_is_0_to_10_times_the_capacity",
        "overdraft = -1 | overdraft_is_0_to_10_times_the_capacity",
        "overdraft = 8000000001, rate = 1000000000"
            + " | capacity_with_wait_or_overdraft_is_at_most_9e9",
        "overdraft = 9223372036854775807 | capacity_with_wait_or_overdraft_is_at_most_9e9",
        "max_wait_ms = 8001, rate = 1000000000, window_seconds = 1"
            + " | capacity_with_wait_or_overdraft_is_at_most_9e9",
        "max_wait_ms = 1, rate = 0 | reserve_wait_and_overdraft_need_a_rate",
        "reserve_low = 0.1, rate = 0 | reserve_wait_and_overdraft_need_a_rate",
        "overdraft = 1, mode = 'exempt', rate = NULL, window_seconds = NULL"
            + " | reserve_wait_and_overdraft_need_a_rate"
      })
  void theTableRefusesWhatTheServiceRefuses(String change, String constraint) {
    assertThatThrownBy(() -> update(change))
        .isInstanceOf(SQLException.class)
        .hasMessageContaining("\"" + constraint + "\"");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "reserve_normal = 0.95, reserve_low = 0.9500 | 9500 | 9500 | 0 | 0",
        "reserve_normal = 0.0001, reserve_low = 0.0001 | 1 | 1 | 0 | 0",
        "max_wait_ms = 30000, algorithm = 'token_bucket' | 0 | 0 | 30000 | 0",
        "overdraft = 1000, algorithm = 'fixed_window' | 0 | 0 | 0 | 1000",
        "overdraft = 50, burst = 5 | 0 | 0 | 0 | 50",
        "overdraft = 8000000000, rate = 1000000000 | 0 | 0 | 0 | 8000000000",
        "max_wait_ms = 8000, rate = 1000000000, window_seconds = 1 | 0 | 0 | 8000 | 0"
      })
  void theServiceAcceptsWhatTheTableAccepts(
      String change, int normal, int low, long wait, long overdraft) throws SQLException {
    update(change);

    assertThat(limit(Algorithm.TOKEN_BUCKET).spending())
        .isEqualTo(new Spending(normal, low, wait, overdraft));
  }

  @Test
  void aRuleThatNamesNoAlgorithmWaitsWhereATokenBucketIsInherited() throws SQLException {
    update("max_wait_ms = 500");

    assertThat(limit(Algorithm.TOKEN_BUCKET).spending().maxWaitMillis()).isEqualTo(500);
    assertThat(limit(Algorithm.FIXED_WINDOW).spending()).isEqualTo(Spending.PLAIN);
  }

  /** Whatever the service's algorithm is. */
  @Test
  void theTableAcceptsExactlyWhatTheServiceAccepts() throws SQLException {
    Random random = new Random(SEED);
    int accepted = 0;
    try (Connection connection = database.connect()) {
      for (int n = 0; n < RANDOM_RULES; n++) {
        ObjectNode rule = RandomSpending.rule(random);
        boolean storable = storable(connection, rule);
        for (Algorithm inherited : Algorithm.values()) {
          assertThat(valid(rule, inherited))
              .as("seed %d, under %s: %s", SEED, inherited, rule)
              .isEqualTo(storable);
        }
        accepted += storable ? 1 : 0;
      }
    }
    assertThat(accepted).isBetween(RANDOM_RULES / 10, RANDOM_RULES * 9 / 10);
  }

  /** Its value is not rounded. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "reserve_low = 0.50001 | reserve must have 0 ≤ normal ≤ low ≤ 0.95, each with at most 4 decimals",
        "reserve_low = 1e9999 | reserve must have 0 ≤ normal ≤ low ≤ 0.95, each with at most 4 decimals",
        "reserve_low = 'NaN' | reserve must have 0 ≤ normal ≤ low ≤ 0.95, each with at most 4 decimals",
        "reserve_normal = 0.1 | reserve must have 0 ≤ normal ≤ low ≤ 0.95, each with at most 4 decimals",
        "max_wait_ms = -9223372036854775808"
            + " | max_wait_ms must be 0 to 30000, not -9223372036854775808",
        "overdraft = 9223372036854775807"
            + " | overdraft must be 0 to 10 times the capacity, 1000, not 9223372036854775807"
      })
  void aSetWithARowThatBypassedAConstraintIsRefused(String change, String fault)
      throws SQLException {
    try (Connection connection = database.connect();
        var statement = connection.createStatement()) {
      statement.execute("SET search_path = limiter");
      statement.execute("CREATE TABLE bypassed AS SELECT * FROM rate_limit_rules WHERE id = 900");
      statement.execute("UPDATE bypassed SET " + change);
      try (var rows =
          statement.executeQuery(
              "SELECT " + RuleRows.COLUMNS + " FROM bypassed AS rate_limit_rules")) {
        rows.next();
        assertThatThrownBy(
                () -> RuleRows.read(rows, 0).effective(RuleContext.of(Algorithm.TOKEN_BUCKET)))
            .isInstanceOf(InvalidRuleSetException.class)
            .hasMessage("rule 900 (spent of tenant default): " + fault);
      }
    } finally {
      database.execute("DROP TABLE limiter.bypassed");
    }
  }

  private void update(String change) throws SQLException {
    database.execute("UPDATE limiter.rate_limit_rules SET " + change + " WHERE id = 900");
  }

  private Rule limit(Algorithm inherited) {
    try (RulesDatabase pool = RulesDatabase.at(DatabaseUrl.parse(database.url()))) {
      StoredRule stored =
          new DatabaseRules(pool.pool())
              .read().rules().stream().filter(rule -> rule.id() == 900).findFirst().orElseThrow();
      return (Rule) stored.effective(RuleContext.of(inherited));
    }
  }

  private static boolean valid(ObjectNode rule, Algorithm inherited) {
    try {
      byte[] body = rule.toString().getBytes(StandardCharsets.UTF_8);
      RuleJsonReader.read(RuleJsonReader.parse(body)).effective(RuleContext.of(inherited), 1, 0, 0);
      return true;
    } catch (RuntimeException e) {
      assertThat(e.getMessage())
          .matches(message -> Arrays.stream(FIELDS).anyMatch(message::startsWith));
      return false;
    }
  }

  private static boolean storable(Connection connection, ObjectNode rule) throws SQLException {
    connection.setAutoCommit(false);
    try (PreparedStatement insert =
        connection.prepareStatement(
            """
            INSERT INTO limiter.rate_limit_rules
              (client_id, algorithm, rate, window_seconds, burst, mode, reserve_normal, reserve_low, max_wait_ms, overdraft)
            SELECT j ->> 'client_id', j ->> 'algorithm', (j ->> 'rate')::bigint, (j ->> 'window')::bigint,
                   (j ->> 'burst')::bigint, coalesce(j ->> 'mode', 'enforce'),
                   coalesce((j #>> '{reserve,normal}')::numeric, 0), coalesce((j #>> '{reserve,low}')::numeric, 0),
                   (j ->> 'max_wait_ms')::bigint, (j ->> 'overdraft')::bigint
              FROM (SELECT ?::jsonb AS j) AS rule
            """)) {
      insert.setString(1, rule.toString());
      insert.execute();
      return true;
    } catch (SQLException e) {
      assertThat(e.getSQLState()).as(e.getMessage()).isEqualTo("23514");
      return false;
    } finally {
      connection.rollback();
    }
  }
}
