package io.ratelimiter.service.rules.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.ratelimiter.localstack.PostgresServer;
import io.ratelimiter.localstack.junit.LocalStack;
import io.ratelimiter.runtime.DatabaseUrl;
import io.ratelimiter.service.rules.Algorithm;
import io.ratelimiter.service.rules.RuleTerms;
import io.ratelimiter.service.rules.Spending;
import io.ratelimiter.service.rules.definition.RuleContext;
import io.ratelimiter.service.rules.definition.StoredRule;
import io.ratelimiter.service.rules.definition.StoredRuleSet;
import java.sql.SQLException;
import java.util.List;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.Test;

/** A database with rules from before rules had {@code match}, {@code by} and spending. */
@LocalStack
class MatchUpgradeIT {

  private static final String INSERT =
      """
      INSERT INTO limiter.rate_limit_rules (id, client_id, limit_key, rate, window_seconds)
      VALUES (%d, 'client-%1$d', '*', 5, 60)
      """;

  @Test
  void storedRulesMatchAndCountAsBeforeAndKeepTheirCounters(PostgresServer postgres)
      throws SQLException {
    Database database = Database.in(postgres, "match_upgrade");
    Flyway.configure()
        .dataSource(database.url(), null, null)
        .schemas("limiter")
        .defaultSchema("limiter")
        .locations("classpath:db/migration")
        .target("7")
        .load()
        .migrate();
    for (int id = 901; id <= 903; id++) {
      database.execute(INSERT.formatted(id));
    }
    database.execute("UPDATE limiter.rate_limit_rules SET window_seconds = 61 WHERE id = 902");
    database.execute("DELETE FROM limiter.rate_limit_rules WHERE id = 903");

    StoredRuleSet upgraded;
    try (RulesDatabase pool = RulesDatabase.at(DatabaseUrl.parse(database.url()))) {
      DatabaseRules rules = new DatabaseRules(pool.pool());
      rules.version();
      database.execute("UPDATE limiter.rate_limit_rules SET rate = 6 WHERE id IN (901, 902)");
      database.execute(INSERT.formatted(903));
      upgraded = rules.read();
    }

    List<StoredRule> added = upgraded.rules().stream().filter(rule -> rule.id() > 900).toList();
    assertThat(added).extracting(StoredRule::counterEpoch).containsExactly(0L, 1L, 0L);
    assertThat(added).extracting(rule -> rule.definition().spending()).containsOnly(Spending.PLAIN);
    assertThat(added)
        .extracting(rule -> rule.definition().terms())
        .allMatch(terms -> terms.match().isEmpty() && terms.by() == null)
        .extracting(RuleTerms::clientId)
        .containsExactly("client-901", "client-902", "client-903");
    assertThat(upgraded.compile(RuleContext.of(Algorithm.TOKEN_BUCKET)).rules())
        .hasSameSizeAs(upgraded.rules());
  }
}
