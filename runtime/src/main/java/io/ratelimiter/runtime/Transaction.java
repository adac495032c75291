package io.ratelimiter.runtime;

import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;

/** Work in one transaction, which is rolled back when the work fails. */
public interface Transaction<R> {

  /** Executes statements. Blocks. */
  R run(Connection connection) throws SQLException;

  /** Runs the work and commits. Blocks. */
  static <R> R commit(DataSource database, Transaction<R> work) throws SQLException {
    try (Connection connection = database.getConnection()) {
      connection.setAutoCommit(false);
      try {
        R result = work.run(connection);
        connection.commit();
        return result;
      } catch (SQLException | RuntimeException e) {
        connection.rollback();
        throw e;
      } finally {
        connection.setAutoCommit(true);
      }
    }
  }
}
