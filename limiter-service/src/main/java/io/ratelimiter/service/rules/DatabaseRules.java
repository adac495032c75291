package io.ratelimiter.service.rules;

import io.ratelimiter.runtime.RootCause;
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

/** The rules in PostgreSQL. Makes its schema when it is first asked and the database is there. */
final class DatabaseRules implements RuleSource {

  /** Rows that one reply of the server carries, so that many rules need not lie in memory twice. */
  private static final int ROWS_AT_ONCE = 5_000;

  private final Flyway flyway;
  private final JdbcClient jdbc;
  private final TransactionTemplate snapshot;
  private volatile boolean migrated;

  DatabaseRules(DataSource dataSource) {
    this.flyway = flyway(dataSource);
    JdbcTemplate template = new JdbcTemplate(dataSource, true);
    template.setFetchSize(ROWS_AT_ONCE);
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
  public RulesStatus.Source name() {
    return RulesStatus.Source.DATABASE;
  }

  @Override
  public StoredRuleSet.Version version() {
    return asked(this::readVersion);
  }

  @Override
  public StoredRuleSet read() {
    return asked(() ->
        Objects.requireNonNull(
            snapshot.execute(_ -> {
              seeOneState();
              return new StoredRuleSet(readVersion(), readRules());
            })));
  }

  /**
   * Set for the transaction only: the driver's setting is for the session, which a pooler shares.
   */
  private void seeOneState() {
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

  private <T> T asked(Supplier<T> question) {
    try {
      if (!migrated) {
        flyway.migrate();
        migrated = true;
      }
      return question.get();
    } catch (DataAccessException | TransactionException | FlywayException e) {
      // The database may be another one next time: an empty one, for instance.
      migrated = false;
      throw new RulesUnavailableException(RootCause.message(e), e);
    }
  }
}
