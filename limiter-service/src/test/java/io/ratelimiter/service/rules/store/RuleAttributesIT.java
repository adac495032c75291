package io.ratelimiter.service.rules.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ratelimiter.localstack.PostgresServer;
import io.ratelimiter.localstack.junit.LocalStack;
import io.ratelimiter.runtime.DatabaseUrl;
import io.ratelimiter.service.rules.Algorithm;
import io.ratelimiter.service.rules.InvalidRuleSetException;
import io.ratelimiter.service.rules.definition.InvalidRuleException;
import io.ratelimiter.service.rules.definition.RuleDefinition;
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

  /** Text that bypassed a constraint is refused, and is not read in full. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "match = jsonb_build_object('a', repeat('x', 50000000)) | match must have at most 10240 bytes",
        "match = '[]' | match must be an object",
        "match = '{\"a\": 1}' | match.a must be a string",
        "match = '{\"a\": \"\"}' | match.a must have 1 to 256 bytes",
        "by = (SELECT array_agg(concat('n', n)) FROM generate_series(1, 1000000) n)"
            + " | by must have at most 4 names, each once",
        "by = ARRAY[repeat('n', 50000000)]"
            + " | by must have names that match [a-z][a-z0-9_.-]{0,62}",
        "by = '{NULL}' | by must have names that match [a-z][a-z0-9_.-]{0,62}"
      })
  void aSetWithSuchARowIsRefused(String change, String fault) throws SQLException {
    try (Connection connection = database.connect();
        var statement = connection.createStatement()) {
      statement.execute("SET search_path = limiter");
      statement.execute("CREATE TABLE bypassed AS SELECT * FROM rate_limit_rules WHERE id = 2");
      statement.execute("UPDATE bypassed SET " + change);
      String select =
          "SELECT " + RuleRows.COLUMNS_AND_METADATA + " FROM bypassed AS rate_limit_rules";
      try (var rows = statement.executeQuery(select)) {
        rows.next();
        assertThatThrownBy(
                () -> RuleRows.readWithMetadata(rows, 0).effective(Algorithm.TOKEN_BUCKET))
            .isInstanceOf(InvalidRuleSetException.class)
            .hasMessage("rule 2 (api_client of tenant default): " + fault);
      }
    } finally {
      database.execute("DROP TABLE limiter.bypassed");
    }
  }

  @Test
  void theLongestMatchIsReadAgainAndShownInTheHistory() {
    ObjectNode json = rule();
    ObjectNode match = json.putObject("match");
    for (int n = 0; n < 16; n++) {
      match.put((char) ('a' + n) + "n".repeat(62), "\"".repeat(256));
    }
    for (int n = 0; n < 4; n++) {
      json.withArray("by").add((char) ('a' + n) + "n".repeat(62));
    }
    RuleDefinition rule = RuleJsonReader.read(json);
    try (RulesDatabase pool = RulesDatabase.at(DatabaseUrl.parse(database.url()))) {
      RuleAdmin admin = new RuleAdmin(pool.pool(), Algorithm.TOKEN_BUCKET, () -> {});
      long id = ((Change.Created) admin.save(rule, AdminUnderTest.any())).rule().id();

      assertThat(admin.byId(id).orElseThrow().definition()).isEqualTo(rule);
      assertThat(new DatabaseRules(pool.pool()).read().rules().getLast().definition().terms())
          .isEqualTo(rule.terms());
      assertThat(admin.history(id, 1_000, 1).getFirst().after().columns()).isNotNull();
    }
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
      RuleJsonReader.read(RuleJsonReader.parse(body)).effective(Algorithm.TOKEN_BUCKET, 1, 0, 0);
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
