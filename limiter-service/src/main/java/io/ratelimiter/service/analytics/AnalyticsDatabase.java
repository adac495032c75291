package io.ratelimiter.service.analytics;

import com.zaxxer.hikari.HikariDataSource;
import io.ratelimiter.service.database.ConnectionPool;
import io.ratelimiter.service.database.DatabaseUrl;
import java.time.Duration;

/**
 * The pool behind the page's questions: small, so that a page that many keep open takes little of
 * the database; read-only; and a question that takes long is given up by the database itself.
 *
 * @param pool connects when first asked
 */
record AnalyticsDatabase(HikariDataSource pool) implements AutoCloseable {

  private static final ConnectionPool POOL =
      new ConnectionPool("analytics", 3, 0, Duration.ofSeconds(10));

  private static final String SESSION =
      "-c statement_timeout=8000 -c default_transaction_read_only=on -c timezone=UTC";

  /** Never blocks, and never fails because the database is away. */
  static AnalyticsDatabase at(DatabaseUrl url) {
    HikariDataSource pool = POOL.at(url);
    pool.getDataSourceProperties().setProperty("options", SESSION);
    return new AnalyticsDatabase(pool);
  }

  @Override
  public void close() {
    pool.close();
  }
}
