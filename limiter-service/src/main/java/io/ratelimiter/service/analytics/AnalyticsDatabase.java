package io.ratelimiter.service.analytics;

import com.zaxxer.hikari.HikariDataSource;
import io.ratelimiter.runtime.ConnectionPool;
import io.ratelimiter.runtime.DatabaseUrl;
import java.time.Duration;

/**
 * Connections for the page's queries: few, however many pages are open.
 *
 * @param pool connects on first use
 */
record AnalyticsDatabase(HikariDataSource pool) implements AutoCloseable {

  private static final ConnectionPool POOL =
      new ConnectionPool("rate-limiter analytics", 3, 0, Duration.ofSeconds(10));

  /** Never blocks; does not fail when the database is unavailable. */
  static AnalyticsDatabase at(DatabaseUrl url) {
    return new AnalyticsDatabase(POOL.at(url));
  }

  @Override
  public void close() {
    pool.close();
  }
}
