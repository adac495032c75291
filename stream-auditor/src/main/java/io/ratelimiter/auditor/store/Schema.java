package io.ratelimiter.auditor.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The schema {@code audit}: migrated by its own history, its day partitions kept up. */
final class Schema {

  private static final Logger log = LoggerFactory.getLogger(Schema.class);
  private static final String NAME = "audit";

  private final DataSource database;
  private final Days days;

  Schema(DataSource database, Days days) {
    this.database = database;
    this.days = days;
  }

  /** Something to do in the database. */
  interface Work {
    void run() throws SQLException;
  }

  /** Brings the schema up to date. Blocks; may be called again after a failure. */
  void prepare() throws SQLException {
    Flyway.configure()
        .dataSource(database)
        .schemas(NAME)
        .defaultSchema(NAME)
        .createSchemas(true)
        .locations("classpath:db/migration")
        .load()
        .migrate();
    keepUp();
  }

  /**
   * Creates the partitions of the next days, then drops old ones, each in a transaction of its own:
   * an old day that is being read stays until the next time, and delays neither new days nor the
   * start. Blocks.
   *
   * @throws SQLException when the partitions of the next days cannot be created
   */
  void keepUp() throws SQLException {
    inTransaction(days::makeAhead);
    for (String partition : tooOld()) {
      try {
        inTransaction(connection -> Days.drop(partition, connection));
      } catch (SQLException e) {
        log.warn("audit.{} is too old and stays for now: {}", partition, e.getMessage());
      }
    }
  }

  private List<String> tooOld() throws SQLException {
    try (Connection connection = database.getConnection()) {
      return days.tooOld(connection);
    }
  }

  /** Work for one transaction. */
  private interface Step {
    void run(Connection connection) throws SQLException;
  }

  private void inTransaction(Step step) throws SQLException {
    try (Connection connection = database.getConnection()) {
      connection.setAutoCommit(false);
      try (Statement statement = connection.createStatement()) {
        // Behind a long query of an analyst, all writers would queue up with us.
        statement.execute("SET LOCAL lock_timeout = '2s'");
        step.run(connection);
        connection.commit();
      } catch (SQLException | RuntimeException e) {
        connection.rollback();
        days.forget();
        throw e;
      } finally {
        connection.setAutoCommit(true);
      }
    }
  }
}
