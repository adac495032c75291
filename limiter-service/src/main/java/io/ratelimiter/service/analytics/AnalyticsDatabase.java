package io.ratelimiter.service.analytics;

import com.zaxxer.hikari.HikariDataSource;
import io.ratelimiter.runtime.ConnectionPool;
import io.ratelimiter.runtime.DatabaseUrl;
import java.time.Duration;

/**
 * The pool behind the page's queries: small, so that many open pages use few connections of the
 * database.
 *
 * @param pool connects when first asked
 */
record AnalyticsDatabase(HikariDataSource pool) implements AutoCloseable {

  private static final ConnectionPool POOL =
      new ConnectionPool("rate-limiter analytics", 3, 0, Duration.ofSeconds(10));

  /** Never blocks, and never fails because the database is away. */
  static AnalyticsDatabase at(DatabaseUrl url) {
    return new AnalyticsDatabase(POOL.at(url));
  }

  @Override
  public void close() {
    pool.close();
  }
}
