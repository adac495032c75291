package io.ratelimiter.service.rules.store;

import com.zaxxer.hikari.HikariDataSource;
import io.ratelimiter.runtime.ConnectionPool;
import io.ratelimiter.runtime.DatabaseUrl;
import java.time.Duration;

/**
 * The pool of connections to the rules' database.
 *
 * @param pool connects at its first use
 */
record RulesDatabase(HikariDataSource pool) implements AutoCloseable {

  /** Longer than the lock timeout of a writer. */
  private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(10);

  private static final ConnectionPool POOL =
      new ConnectionPool("rate-limiter rules", 4, 1, ANSWER_TIMEOUT);

  /** Never blocks, and does not fail if the database is unavailable. */
  static RulesDatabase at(DatabaseUrl url) {
    return new RulesDatabase(POOL.at(url));
  }

  @Override
  public void close() {
    pool.close();
  }
}
