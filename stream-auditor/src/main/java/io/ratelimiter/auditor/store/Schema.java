package io.ratelimiter.auditor.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;

/** The schema {@code audit}: migrated by its own history, its day partitions kept up. */
final class Schema {

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

  /** Makes the days ahead, drops old ones. Blocks. */
  void keepUp() throws SQLException {
    try (Connection connection = database.getConnection()) {
      connection.setAutoCommit(false);
      try (Statement statement = connection.createStatement()) {
        // Behind a long query of an analyst, all writers would queue up with us.
        statement.execute("SET LOCAL lock_timeout = '2s'");
        days.keepUp(connection);
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
