package io.ratelimiter.service.rules;

import com.zaxxer.hikari.HikariDataSource;
import java.time.Duration;

/**
 * The pool of connections to the rules' database. No {@code DataSource} bean: there need not be a
 * database, and who reads other schemas has a pool of its own.
 *
 * @param pool connects when first asked
 */
record RulesDatabase(HikariDataSource pool) implements AutoCloseable {

  private static final int CONNECTIONS = 4;
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(2);

  /** Longer than a writer waits for another's lock. */
  private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(10);

  /** Never blocks, and never fails because the database is away. */
  static RulesDatabase at(DatabaseUrl url) {
    HikariDataSource pool = new HikariDataSource();
    pool.setPoolName("rules");
    pool.setJdbcUrl(url.jdbcUrl());
    url.addCredentials(pool.getDataSourceProperties());
    pool.setMaximumPoolSize(CONNECTIONS);
    pool.setMinimumIdle(1);
    pool.setInitializationFailTimeout(-1);
    pool.setConnectionTimeout(CONNECT_TIMEOUT.toMillis());
    pool.addDataSourceProperty("ApplicationName", "rate-limiter rules");
    pool.addDataSourceProperty("connectTimeout", CONNECT_TIMEOUT.toSeconds());
    pool.addDataSourceProperty("socketTimeout", ANSWER_TIMEOUT.toSeconds());
    pool.addDataSourceProperty("tcpKeepAlive", true);
    return new RulesDatabase(pool);
  }

  @Override
  public void close() {
    pool.close();
  }
}
