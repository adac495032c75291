package io.ratelimiter.auditor.store.tables;

import io.ratelimiter.runtime.Transaction;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.ZoneOffset;
import java.util.List;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Migrates the schema {@code audit} and maintains its day partitions. */
public final class Schema {

  private static final Logger log = LoggerFactory.getLogger(Schema.class);
  private static final String NAME = "audit";

  private final DataSource database;
  private final DayPartitions days;

  public Schema(DataSource database, DayPartitions days) {
    this.database = database;
    this.days = days;
  }

  /** Migrates the schema and its partitions. Blocks; may be called again after a failure. */
  public void migrate() throws SQLException {
    Flyway.configure()
        .dataSource(database)
        .schemas(NAME)
        .defaultSchema(NAME)
        .createSchemas(true)
        .locations("classpath:db/migration")
        .load()
        .migrate();
    maintain();
  }

  /**
   * Creates the partitions of the next days, deletes expired rows and closed series that are older
   * than the totals, then drops expired partitions, each in its own transaction: a query on an
   * expired partition delays its deletion, but neither new days nor the start. Blocks.
   *
   * @throws SQLException when the partitions of the next days cannot be created
   */
  public void maintain() throws SQLException {
    inTransaction(days::createAhead);
    inTransaction(days::deleteExpired);
    inTransaction(this::deleteExpiredSeries);
    for (String partition : expired()) {
      try {
        inTransaction(connection -> DayPartitions.drop(partition, connection));
      } catch (SQLException e) {
        log.warn("audit.{} is expired and cannot be dropped now: {}", partition, e.getMessage());
      }
    }
  }

  private void deleteExpiredSeries(Connection connection) throws SQLException {
    String sql = "DELETE FROM audit.series WHERE closed AND last_word_at < ?";
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setObject(1, days.totalsKeptFrom().atOffset(ZoneOffset.UTC));
      statement.executeUpdate();
    }
  }

  private List<String> expired() throws SQLException {
    try (Connection connection = database.getConnection()) {
      return days.expired(connection);
    }
  }

  private interface Step {
    void run(Connection connection) throws SQLException;
  }

  private void inTransaction(Step step) throws SQLException {
    try {
      Transaction.commit(database, connection -> limited(step, connection));
    } catch (SQLException | RuntimeException e) {
      days.invalidate();
      throw e;
    }
  }

  private static boolean limited(Step step, Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      // All writers would queue up behind this statement while it waits for a long query.
      statement.execute("SET LOCAL lock_timeout = '2s'");
    }
    step.run(connection);
    return true;
  }
}
