package io.ratelimiter.service.rules.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ratelimiter.localstack.PostgresServer;
import io.ratelimiter.localstack.junit.LocalStack;
import io.ratelimiter.runtime.DatabaseUrl;
import io.ratelimiter.service.rules.Algorithm;
import io.ratelimiter.service.rules.InvalidRuleSetException;
import io.ratelimiter.service.rules.definition.RuleContext;
import io.ratelimiter.service.rules.definition.RuleDefinition;
import io.ratelimiter.service.rules.json.RuleJsonReader;
import java.sql.Connection;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Reads of the columns {@code match} and {@code by}, up to their bounds and beyond. */
@LocalStack
@TestInstance(Lifecycle.PER_CLASS)
class RuleRowsIT {

  private final Database database;

  RuleRowsIT(PostgresServer postgres) {
    database = Database.migrated(postgres, "rule_rows");
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
        assertThatThrownBy(() ->
                RuleRows.readWithMetadata(rows, 0)
                    .effective(RuleContext.of(Algorithm.TOKEN_BUCKET)))
            .isInstanceOf(InvalidRuleSetException.class)
            .hasMessage("rule 2 (api_client of tenant default): " + fault);
      }
    } finally {
      database.execute("DROP TABLE limiter.bypassed");
    }
  }

  @Test
  void theLongestMatchIsReadAgainAndShownInTheHistory() {
    ObjectNode json =
        new JsonMapper().createObjectNode().put("name", "n").put("rate", 1).put("window", 1);
    ObjectNode match = json.putObject("match");
    for (int n = 0; n < 16; n++) {
      match.put((char) ('a' + n) + "n".repeat(62), "\"".repeat(256));
    }
    for (int n = 0; n < 4; n++) {
      json.withArray("by").add((char) ('a' + n) + "n".repeat(62));
    }
    RuleDefinition rule = RuleJsonReader.read(json);
    try (RulesDatabase pool = RulesDatabase.at(DatabaseUrl.parse(database.url()))) {
      RuleAdmin admin =
          new RuleAdmin(pool.pool(), RuleContext.of(Algorithm.TOKEN_BUCKET), () -> {});
      long id = ((Change.Created) admin.save(rule, AdminFixture.any())).rule().id();

      assertThat(admin.byId(id).orElseThrow().definition()).isEqualTo(rule);
      assertThat(new DatabaseRules(pool.pool()).read().rules().getLast().definition().terms())
          .isEqualTo(rule.terms());
      assertThat(admin.history(id, 1_000, 1).getFirst().after().columns()).isNotNull();
    }
  }
}
