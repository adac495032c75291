package io.ratelimiter.service.rules.store;

import io.ratelimiter.service.rules.definition.StoredRule;
import io.ratelimiter.service.rules.definition.StoredRuleSet;
import io.ratelimiter.service.rules.live.RuleSource;
import io.ratelimiter.service.rules.live.RulesState;
import io.ratelimiter.service.rules.live.RulesUnavailableException;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * The rules in PostgreSQL. The first read that reaches the database creates or migrates the schema.
 */
final class DatabaseRules implements RuleSource {

  /** Rows per reply of the server, so that the rows of many rules are not all in memory at once. */
  private static final int FETCH_SIZE = 5_000;

  private final Flyway flyway;
  private final JdbcClient jdbc;
  private final TransactionTemplate snapshot;
  private volatile boolean migrated;

  DatabaseRules(DataSource dataSource) {
    this.flyway = flyway(dataSource);
    JdbcTemplate template = new JdbcTemplate(dataSource, true);
    template.setFetchSize(FETCH_SIZE);
    this.jdbc = JdbcClient.create(template);
    this.snapshot = new TransactionTemplate(new JdbcTransactionManager(dataSource));
    snapshot.setReadOnly(true);
  }

  private static Flyway flyway(DataSource dataSource) {
    return Flyway.configure()
        .dataSource(dataSource)
        .defaultSchema("limiter")
        .schemas("limiter")
        .locations("classpath:db/migration")
        .load();
  }

  @Override
  public RulesState.Source name() {
    return RulesState.Source.DATABASE;
  }

  @Override
  public StoredRuleSet.Version version() {
    return query(this::readVersion);
  }

  @Override
  public StoredRuleSet read() {
    return query(() ->
        Objects.requireNonNull(
            snapshot.execute(_ -> {
              setRepeatableRead();
              return new StoredRuleSet(readVersion(), readRules());
            })));
  }

  /** For this transaction only: the driver's setting is for the session, which a pooler shares. */
  private void setRepeatableRead() {
    jdbc.sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ").update();
  }

  private StoredRuleSet.Version readVersion() {
    return jdbc.sql("SELECT revision, stamp FROM limiter.rule_set")
        .query((row, _) -> new StoredRuleSet.Version(row.getLong(1), row.getString(2)))
        .single();
  }

  private List<StoredRule> readRules() {
    return jdbc.sql("SELECT " + RuleRows.COLUMNS + " FROM limiter.rate_limit_rules ORDER BY id")
        .query(RuleRows::read)
        .list();
  }

  private <T> T query(Supplier<T> query) {
    try {
      if (!migrated) {
        flyway.migrate();
        migrated = true;
      }
      return query.get();
    } catch (DataAccessException | TransactionException | FlywayException e) {
      // The next read may reach another database, for example an empty one.
      migrated = false;
      throw new RulesUnavailableException(e);
    }
  }
}
