package io.ratelimiter.runtime;

import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;

/**
 * Settings of a connection pool for one purpose. Not a {@code DataSource} bean: the database is
 * optional, and readers of one schema must not wait for readers of another.
 *
 * @param name the pool's name and its connections' {@code application_name}
 * @param connections max connections
 * @param idle connections that are kept open, max {@code connections}
 * @param answerTimeout max wait for an answer, after which the connection is closed
 */
public record ConnectionPool(String name, int connections, int idle, Duration answerTimeout) {

  /** Opens the pool without connecting: neither blocks nor fails while the database is down. */
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
