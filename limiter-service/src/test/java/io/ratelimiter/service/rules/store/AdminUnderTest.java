package io.ratelimiter.service.rules.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.ratelimiter.localstack.PostgresServer;
import io.ratelimiter.runtime.DatabaseUrl;
import io.ratelimiter.service.rules.Algorithm;
import io.ratelimiter.service.rules.definition.RuleContext;
import io.ratelimiter.service.rules.definition.RuleDefinition;
import io.ratelimiter.service.rules.definition.StoredRule;
import io.ratelimiter.service.rules.json.RuleJsonReader;
import java.sql.SQLException;
import java.util.OptionalLong;
import tools.jackson.databind.json.JsonMapper;

/** A {@link RuleAdmin} on a database of its own, and the requests that tests make of it. */
record AdminUnderTest(Database database, RulesDatabase pool, RuleAdmin admin)
    implements AutoCloseable {

  static AdminUnderTest on(PostgresServer postgres, String name) {
    Database database = Database.migrated(postgres, name);
    RulesDatabase pool = RulesDatabase.at(DatabaseUrl.parse(database.url()));
    return new AdminUnderTest(
        database,
        pool,
        new RuleAdmin(pool.pool(), RuleContext.of(Algorithm.SLIDING_WINDOW), () -> {}));
  }

  void reset() throws SQLException {
    database.deleteAddedRules();
  }

  StoredRule created(String json) {
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

  @Override
  public void close() {
    pool.close();
  }
}
