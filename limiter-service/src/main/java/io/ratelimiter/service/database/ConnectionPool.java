package io.ratelimiter.service.database;

import com.zaxxer.hikari.HikariDataSource;
import java.time.Duration;
import java.util.Properties;

/**
 * A pool of connections for one purpose. No {@code DataSource} bean: there need not be a database,
 * and who reads one schema must not wait for who reads another.
 *
 * @param name of the pool, and what the database shows of its connections
 * @param connections at most
 * @param idle connections that are kept open, at most {@code connections}
 * @param answerTimeout longest wait for an answer on a connection, then it is given up
 */
public record ConnectionPool(String name, int connections, int idle, Duration answerTimeout) {

  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(2);

  /** Never blocks, and never fails because the database is away: it connects when first asked. */
  public HikariDataSource at(DatabaseUrl url) {
    HikariDataSource pool = new HikariDataSource();
    pool.setPoolName(name);
    pool.setJdbcUrl(url.jdbcUrl());
    url.addCredentials(pool.getDataSourceProperties());
    pool.setMaximumPoolSize(connections);
    pool.setMinimumIdle(idle);
    pool.setInitializationFailTimeout(-1);
    pool.setConnectionTimeout(CONNECT_TIMEOUT.toMillis());
    pool.setValidationTimeout(CONNECT_TIMEOUT.toMillis() / 2);
    // Only texts: the driver takes a property of another type for none.
    Properties settings = pool.getDataSourceProperties();
    settings.setProperty("ApplicationName", "rate-limiter " + name);
    settings.setProperty("connectTimeout", String.valueOf(CONNECT_TIMEOUT.toSeconds()));
    settings.setProperty("socketTimeout", String.valueOf(answerTimeout.toSeconds()));
    settings.setProperty("tcpKeepAlive", "true");
    return pool;
  }
}
