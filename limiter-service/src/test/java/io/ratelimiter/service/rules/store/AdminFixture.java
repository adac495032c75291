package io.ratelimiter.service.rules.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.ratelimiter.localstack.PostgresServer;
import io.ratelimiter.localstack.junit.LocalStack;
import io.ratelimiter.runtime.DatabaseUrl;
import io.ratelimiter.service.rules.Algorithm;
import io.ratelimiter.service.rules.definition.RuleContext;
import io.ratelimiter.service.rules.definition.RuleDefinition;
import io.ratelimiter.service.rules.definition.StoredRule;
import io.ratelimiter.service.rules.json.RuleJsonReader;
import java.sql.SQLException;
import java.util.Locale;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInstance;
import tools.jackson.databind.json.JsonMapper;

/**
 * A {@link RuleAdmin} on a database of the test class, with the shipped rules only before each
 * test, and the requests that tests make of it.
 */
@LocalStack
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class AdminFixture {

  final Database database;
  final RuleAdmin admin;
  private final RulesDatabase pool;

  AdminFixture(PostgresServer postgres) {
    database = Database.migrated(postgres, getClass().getSimpleName().toLowerCase(Locale.ROOT));
    pool = RulesDatabase.at(DatabaseUrl.parse(database.url()));
    admin = new RuleAdmin(pool.pool(), RuleContext.of(Algorithm.SLIDING_WINDOW), () -> {});
  }

  @BeforeEach
  final void onlyTheShippedRules() throws SQLException {
    database.deleteAddedRules();
  }

  @AfterAll
  final void close() {
    pool.close();
  }

  final StoredRule created(String json) {
    Change change = admin.save(rule(json), any());
    assertThat(change).isInstanceOf(Change.Created.class);
    return ((Change.Created) change).rule();
  }

  static RuleDefinition rule(String json) {
    return RuleJsonReader.read(new JsonMapper().readTree(json.replace('\'', '"')));
  }

  static ChangeRequest any() {
    return new ChangeRequest("tester", "c-0", _ -> true, false);
  }

  static ChangeRequest seen(long revision) {
    return new ChangeRequest("tester", "c-0", OptionalLong.of(revision)::equals, false);
  }
}
