package io.ratelimiter.service.rules.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ratelimiter.localstack.PostgresServer;
import io.ratelimiter.localstack.junit.LocalStack;
import io.ratelimiter.runtime.DatabaseUrl;
import io.ratelimiter.service.limiter.Check;
import io.ratelimiter.service.rules.Algorithm;
import io.ratelimiter.service.rules.Policy;
import io.ratelimiter.service.rules.Rule;
import io.ratelimiter.service.rules.RuleSet;
import io.ratelimiter.service.rules.definition.StoredRule;
import io.ratelimiter.service.rules.json.Metadata;
import io.ratelimiter.service.rules.json.RuleJsonReader;
import io.ratelimiter.service.rules.json.StrictJson;
import java.sql.SQLException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** The constraints of the table, for writers that use psql. */
@LocalStack
@TestInstance(Lifecycle.PER_CLASS)
class RuleTableIT {

  private final Database database;

  RuleTableIT(PostgresServer postgres) {
    database = Database.migrated(postgres, "rule_table");
  }

  @BeforeEach
  void onlyTheShippedRules() throws SQLException {
    database.deleteAddedRules();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "rate = -1 | rate_is_0_to_1000000000",
        "rate = 1000000001 | rate_is_0_to_1000000000",
        "window_seconds = 0 | window_is_1_to_31622400_seconds",
        "window_seconds = 31622401 | window_is_1_to_31622400_seconds",
        "rate = 1000000000, window_seconds = 9000001 | rate_times_window_is_at_most_9e15",
        "algorithm = 'leaky' | algorithm_is_known",
        "algorithm = 'sliding_window', rate = 10001 | rate_of_sliding_window_is_at_most_10000",
        "burst = 5, algorithm = 'fixed_window' | burst_is_for_token_bucket_only",
        "burst = 0, algorithm = 'token_bucket' | burst_is_1_to_1000000000",
        "algorithm = 'token_bucket', burst = 5258881, window_seconds = 60, rate = 1"
            + " | a_full_bucket_refills_within_10_years",
        "tenant = 'Acme' | tenant_is_well_formed",
        "tenant = E'acme\\n' | tenant_is_well_formed",
        "name = 'a b' | name_is_well_formed",
        "name = repeat('x', 129) | name_is_well_formed",
        "client_id = '' | client_id_is_text_of_1_to_256_bytes",
        "client_id = repeat('é', 129) | client_id_is_text_of_1_to_256_bytes",
        "client_id = E'a\\u0085' | client_id_is_text_of_1_to_256_bytes",
        "limit_key = E'a\\tb' | limit_key_is_text_of_1_to_256_bytes",
        "mode = 'log' | mode_is_known",
        "rate = NULL | rate_and_window_are_required_unless_exempt",
        "window_seconds = NULL, mode = 'shadow' | rate_and_window_are_required_unless_exempt",
        "mode = 'exempt', rate = NULL | rate_and_window_are_required_unless_exempt",
        "mode = 'exempt', rate = NULL, window_seconds = NULL, algorithm = 'token_bucket', burst = 1"
            + " | rate_and_window_are_required_unless_exempt",
        "mode = 'exempt', always = true | always_is_not_for_exempt",
        "fail_mode = 'ajar' | fail_mode_is_known",
        "shared = true, limit_key = 'login' | shared_is_for_limit_key_any_only",
        "valid_from = '2026-01-02Z', valid_until = '2026-01-02Z' | valid_from_is_before_valid_until",
        "valid_until = 'infinity' | validity_is_from_1970_to_9999",
        "valid_from = '1969-12-31Z' | validity_is_from_1970_to_9999",
        "metadata = '[]' | metadata_is_an_object",
        "metadata = jsonb_build_object('a', repeat('x', 50000000)) | metadata_has_at_most_16384_bytes",
        "metadata = '{\"a\":1e2000}' | metadata_numbers_survive_a_round_trip",
        "id = 140737488355328 | id_is_positive_47_bit",
        "name = 'default' | name_is_unique_in_tenant"
      })
  void theTableRefusesWhatTheServiceRefuses(String change, String constraint) {
    assertThatThrownBy(() ->
            database.execute("UPDATE limiter.rate_limit_rules SET " + change + " WHERE id = 2"))
        .isInstanceOf(SQLException.class)
        .hasMessageContaining("\"" + constraint + "\"");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "rate = 1000000000, window_seconds = 9000000 | fixed_window",
        "rate = 1, window_seconds = 31622400 | sliding_window_counter",
        "rate = 10000, window_seconds = 60 | sliding_window",
        "rate = 0, window_seconds = 31622400 | sliding_window",
        "rate = 0, window_seconds = 60 | token_bucket",
        "rate = 1, window_seconds = 60, burst = 5258880 | token_bucket",
        "rate = 1, window_seconds = 60, client_id = repeat('é', 128) | fixed_window",
        "rate = 1, window_seconds = 60, name = repeat('x', 128) | fixed_window"
      })
  void theServiceAcceptsWhatTheTableAccepts(String change, String algorithm) throws SQLException {
    database.execute(
        "INSERT INTO limiter.rate_limit_rules (id, client_id, rate, window_seconds, name)"
            + " VALUES (4, 'x', 1, 1, 'x')");
    database.execute(
        "UPDATE limiter.rate_limit_rules SET algorithm = '%s', %s WHERE id = 4"
            .formatted(algorithm, change));

    try (RulesDatabase pool = RulesDatabase.at(DatabaseUrl.parse(database.url()))) {
      assertThat(new DatabaseRules(pool.pool()).read().compile(Algorithm.TOKEN_BUCKET).rules())
          .hasSize(4);
    }
  }

  /**
   * The burst is used where the service's algorithm is token_bucket, which the table does not have.
   */
  @Test
  void aRuleWithoutAnAlgorithmMayHaveABurst() throws SQLException {
    database.execute(
        "INSERT INTO limiter.rate_limit_rules (id, client_id, rate, window_seconds, burst)"
            + " VALUES (800, 'burst', 20, 60, 25)");

    try (RulesDatabase pool = RulesDatabase.at(DatabaseUrl.parse(database.url()))) {
      StoredRule rule =
          new DatabaseRules(pool.pool())
              .read().rules().stream()
                  .filter(stored -> stored.id() == 800)
                  .findFirst()
                  .orElseThrow();
      assertThat(rule.effective(Algorithm.TOKEN_BUCKET))
          .isInstanceOfSatisfying(
              Rule.class,
              limit -> assertThat(limit.policy()).isEqualTo(new Policy.TokenBucket(20, 60, 25)));
      assertThat(rule.effective(Algorithm.FIXED_WINDOW))
          .isInstanceOfSatisfying(
              Rule.class,
              limit -> assertThat(limit.policy()).isEqualTo(new Policy.FixedWindow(20, 60)));
    }
    database.execute("DELETE FROM limiter.rate_limit_rules WHERE id = 800");
  }

  /** The table accepts exactly what the API accepts. */
  @ParameterizedTest
  @MethodSource("io.ratelimiter.service.rules.json.MetadataTests#edges")
  void theBoundsOfMetadataAreThoseOfTheApi(String within, String beyond, String bound)
      throws SQLException {
    String update = "UPDATE limiter.rate_limit_rules SET metadata = '%s' WHERE id = 2";
    database.execute(update.formatted(within));
    assertThat(database.query("SELECT metadata::text FROM limiter.rate_limit_rules WHERE id = 2"))
        .containsExactly(Metadata.text(StrictJson.parse(within)));
    assertThatThrownBy(() -> database.execute(update.formatted(beyond)))
        .hasMessageContaining("\"metadata_");
    database.execute(update.formatted("{}"));
  }

  @Test
  void aCellHasAtMostEightEnabledRules() throws SQLException {
    String insert =
        """
        INSERT INTO limiter.rate_limit_rules (client_id, name, rate, window_seconds, enabled)
        SELECT 'crowded', 'crowded-%1$s-' || n, 1, 1, %2$s FROM generate_series(1, %3$d) n
        """;
    database.execute(insert.formatted("on", true, 8));
    database.execute(insert.formatted("off", false, 1));

    assertThatThrownBy(() -> database.execute(insert.formatted("ninth", true, 1)))
        .hasMessageContaining(
            "more than 8 enabled rules for tenant default, client_id crowded, limit_key *");
    assertThatThrownBy(() ->
            database.execute(
                "UPDATE limiter.rate_limit_rules SET enabled = true WHERE name = 'crowded-off-1'"))
        .hasMessageContaining("more than 8 enabled rules");
  }

  @ParameterizedTest
  @CsvSource({"client_a, login", "söll & söhne, *", "a%b, x y", "'*', *", "client-_.:/@, ü/ö"})
  void theDefaultNameIsThatOfTheApi(String client, String key) throws SQLException {
    database.execute(
        "INSERT INTO limiter.rate_limit_rules (client_id, limit_key, rate, window_seconds)"
            + " VALUES ('%s', '%s', 1, 1)".formatted(client, key));

    assertThat(database.query("SELECT name FROM limiter.rate_limit_rules WHERE id > 3"))
        .containsExactly(nameByTheApi(client, key));
  }

  @Test
  void anExemptRuleNeedsNoNumbers() throws SQLException {
    database.execute(
        "INSERT INTO limiter.rate_limit_rules (client_id, mode) VALUES ('free', 'exempt')");

    try (RulesDatabase pool = RulesDatabase.at(DatabaseUrl.parse(database.url()))) {
      RuleSet set = new DatabaseRules(pool.pool()).read().compile(Algorithm.TOKEN_BUCKET);
      assertThat(set.match(new Check("default", "free", "x", 1), 0).rules()).isEmpty();
      assertThat(set.match(new Check("default", "other", "x", 1), 0).rules()).hasSize(1);
    }
  }

  @Test
  void idsOfNewRulesStartAtOneThousand() throws SQLException {
    database.execute(
        "INSERT INTO limiter.rate_limit_rules (client_id, rate, window_seconds) VALUES ('n', 1, 1)");

    assertThat(database.query("SELECT id FROM limiter.rate_limit_rules WHERE id > 3"))
        .allMatch(id -> Long.parseLong(id) >= 1000);
  }

  private static String nameByTheApi(String client, String limitKey) {
    ObjectNode json =
        new JsonMapper().createObjectNode().put("client_id", client).put("limit_key", limitKey);
    return RuleJsonReader.read(json).terms().name();
  }
}
