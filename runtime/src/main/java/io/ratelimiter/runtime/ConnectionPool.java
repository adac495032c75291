package io.ratelimiter.runtime;

import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;

/**
 * A pool of connections for one purpose. No {@code DataSource} bean: there need not be a database,
 * and readers of one schema must not wait for readers of another.
 *
 * @param name of the pool, and what the database shows of its connections
 * @param connections at most
 * @param idle connections that are kept open, at most {@code connections}
 * @param answerTimeout longest wait for an answer on a connection, then it is given up
 */
public record ConnectionPool(String name, int connections, int idle, Duration answerTimeout) {

  /** Never blocks, and never fails because the database is away: it connects when first asked. */
  public HikariDataSource at(DatabaseUrl url) {
    HikariDataSource pool = new Utf8Pool();
    pool.setPoolName(name);
    pool.setJdbcUrl(url.jdbcUrl());
    pool.setDataSourceProperties(new DatabaseSession(url, name, answerTimeout).settings());
    pool.setMaximumPoolSize(connections);
    pool.setMinimumIdle(idle);
    pool.setInitializationFailTimeout(-1);
    pool.setConnectionTimeout(DatabaseSession.CONNECT_TIMEOUT.toMillis());
    pool.setValidationTimeout(DatabaseSession.CONNECT_TIMEOUT.toMillis() / 2);
    return pool;
  }

  /** Returns no connection to a database with the wrong encoding. */
  private static final class Utf8Pool extends HikariDataSource {

    @Override
    public Connection getConnection() throws SQLException {
      return WrongEncodingException.check(super.getConnection());
    }
  }
}
