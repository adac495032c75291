package io.ratelimiter.service.rules.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ratelimiter.localstack.PostgresServer;
import io.ratelimiter.localstack.junit.LocalStack;
import io.ratelimiter.service.rules.Algorithm;
import io.ratelimiter.service.rules.definition.InvalidRuleException;
import io.ratelimiter.service.rules.definition.RuleContext;
import io.ratelimiter.service.rules.json.RuleJsonReader;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The columns {@code match} and {@code by}: the table accepts exactly what the service accepts. */
@LocalStack
@TestInstance(Lifecycle.PER_CLASS)
class RuleAttributesIT {

  private static final long SEED = 20261130;
  private static final int RANDOM_RULES = 2_000;

  private static final List<String> NAMES =
      List.of(
          "ip",
          "plan",
          "a",
          "a_b.c-d9",
          "null",
          "client_id",
          "limit_key",
          "n".repeat(63),
          "n".repeat(64),
          "tenant",
          "Plan",
          "9a",
          "",
          "é");
  private static final List<String> VALUES =
      List.of(
          "x",
          "*",
          "p*",
          "**",
          "a*b",
          "\"\\",
          "v".repeat(256),
          "v".repeat(257),
          "é".repeat(128),
          "é".repeat(128) + "x",
          "",
          "a\tb",
          "a\u0085",
          "😀");

  private final Database database;

  RuleAttributesIT(PostgresServer postgres) {
    database = Database.migrated(postgres, "rule_attributes");
  }

  @BeforeEach
  void onlyTheShippedRules() throws SQLException {
    database.deleteAddedRules();
  }

  @Test
  void theTableAcceptsExactlyWhatTheServiceAccepts() throws SQLException {
    Random random = new Random(SEED);
    int accepted = 0;
    try (Connection connection = database.connect()) {
      for (int n = 0; n < RANDOM_RULES; n++) {
        ObjectNode rule = randomRule(random);
        boolean valid = valid(rule);
        assertThat(storable(connection, rule)).as("seed %d: %s", SEED, rule).isEqualTo(valid);
        accepted += valid ? 1 : 0;
      }
    }
    assertThat(accepted).isBetween(RANDOM_RULES / 10, RANDOM_RULES * 9 / 10);
  }

  @Test
  void theBoundsOfNumbersOfNamesAreThoseOfTheService() throws SQLException {
    try (Connection connection = database.connect()) {
      for (int members = 15; members <= 17; members++) {
        ObjectNode rule = rule();
        ObjectNode match = rule.putObject("match");
        IntStream.range(0, members).forEach(n -> match.put("n" + n, "x"));
        assertThat(List.of(valid(rule), storable(connection, rule))).containsOnly(members <= 16);
      }
      for (int names = 0; names <= 5; names++) {
        ObjectNode rule = rule();
        ArrayNode by = rule.putArray("by");
        IntStream.range(0, names).forEach(n -> by.add("n" + n));
        assertThat(List.of(valid(rule), storable(connection, rule))).containsOnly(names <= 4);
      }
    }
  }

  /** What JSON that the service reads cannot have, or what it sorts itself. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "match = '[]' | match_is_an_object",
        "match = '\"x\"' | match_is_an_object",
        "match = 'null' | match_is_an_object",
        "match = '{\"a\": 1}' | match_has_text_of_1_to_256_bytes",
        "match = '{\"a\": null}' | match_has_text_of_1_to_256_bytes",
        "match = '{\"client_id\": null}' | match_has_text_of_1_to_256_bytes",
        "match = '{\"client_id\": \"a*\"}', client_id = 'x'"
            + " | match_of_client_id_is_a_prefix_of_any_client",
        "match = '{\"limit_key\": \"a\"}' | match_of_limit_key_is_a_prefix_of_any_limit_key",
        "by = '{ip,client_id}' | by_is_ascending_and_has_each_name_once",
        "by = '{{client_id,ip}}' | by_is_ascending_and_has_each_name_once",
        "by = '[0:1]={client_id,ip}' | by_is_ascending_and_has_each_name_once",
        "by = '{ip,NULL}' | by_has_names_of_attributes",
        "by = '{}', shared = true | shared_is_for_rules_without_by",
        "rate = 0, burst = 1 | a_ban_has_no_burst",
        "rate = -1 | rate_is_0_to_1000000000"
      })
  void theTableRefusesEverythingElse(String change, String constraint) throws SQLException {
    database.execute(
        "INSERT INTO limiter.rate_limit_rules (id, name, by, rate, window_seconds)"
            + " VALUES (900, 'n', '{ip}', 1, 1)");

    assertThatThrownBy(() ->
            database.execute("UPDATE limiter.rate_limit_rules SET " + change + " WHERE id = 900"))
        .hasMessageContaining("\"" + constraint + "\"");
  }

  @Test
  void aRuleWithMatchOrByNeedsNoClient() throws SQLException {
    database.execute(
        """
        INSERT INTO limiter.rate_limit_rules (id, limit_key, by, match, rate, window_seconds)
        VALUES (901, 'search', '{}', '{}', 0, 1), (902, '*', NULL, '{"ip": "*"}', 1, 1)
        """);

    assertThat(
            database.query(
                "SELECT client_id || ' ' || name FROM limiter.rate_limit_rules WHERE id > 900"
                    + " ORDER BY id"))
        .containsExactly("* */search", "* *");
    assertThatThrownBy(() ->
            database.execute(
                "INSERT INTO limiter.rate_limit_rules (limit_key, rate, window_seconds)"
                    + " VALUES ('x', 1, 1)"))
        .hasMessageContaining("null value in column");
  }

  private static ObjectNode rule() {
    return new JsonMapper()
        .createObjectNode()
        .put("name", "n")
        .put("limit_key", "*")
        .put("client_id", "*")
        .put("rate", 1)
        .put("window", 1);
  }

  private static ObjectNode randomRule(Random random) {
    ObjectNode rule = rule();
    rule.put("client_id", random.nextInt(4) == 0 ? "c" : "*");
    rule.put("limit_key", random.nextInt(4) == 0 ? "k" : "*");
    rule.put("shared", random.nextInt(8) == 0);
    rule.put("rate", random.nextInt(4) == 0 ? 0 : 5);
    if (random.nextInt(8) == 0) {
      rule.put("burst", 5);
    }
    ObjectNode match = rule.putObject("match");
    for (int n = random.nextInt(3); n > 0; n--) {
      match.put(any(random, NAMES), any(random, VALUES));
    }
    if (random.nextBoolean()) {
      ArrayNode by = rule.putArray("by");
      for (int n = random.nextInt(3); n > 0; n--) {
        by.add(any(random, NAMES));
      }
    }
    return rule;
  }

  /** Biased towards the first ones, which are valid. */
  private static String any(Random random, List<String> of) {
    return of.get(random.nextInt(random.nextBoolean() ? 7 : of.size()));
  }

  private static boolean valid(ObjectNode rule) {
    try {
      byte[] body = rule.toString().getBytes(StandardCharsets.UTF_8);
      RuleJsonReader.read(RuleJsonReader.parse(body))
          .effective(RuleContext.of(Algorithm.TOKEN_BUCKET), 1, 0, 0);
      return true;
    } catch (InvalidRuleException | IllegalArgumentException e) {
      return false;
    }
  }

  /** Whether the table accepts the rule, with {@code by} in the order in which it is stored. */
  private static boolean storable(Connection connection, ObjectNode rule) throws SQLException {
    connection.setAutoCommit(false);
    try (PreparedStatement insert =
        connection.prepareStatement(
            """
            INSERT INTO limiter.rate_limit_rules
              (client_id, limit_key, name, shared, rate, window_seconds, burst, match, by)
            SELECT j ->> 'client_id', j ->> 'limit_key', 'n', coalesce((j ->> 'shared')::boolean, false),
                   (j ->> 'rate')::bigint, 1, (j ->> 'burst')::bigint, coalesce(j -> 'match', '{}'),
                   CASE WHEN jsonb_exists(j, 'by') THEN ARRAY(
                     SELECT name FROM jsonb_array_elements_text(j -> 'by') AS names (name)
                      ORDER BY name COLLATE "C") END
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
