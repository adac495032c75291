package io.ratelimiter.service.analytics;

import java.sql.SQLException;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.springframework.core.NestedRuntimeException;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Queries, each in a read-only transaction whose statements the database cancels after 8 s. Throws
 * {@link AnalyticsUnavailableException} when the database does not answer or lacks the tables.
 */
final class BoundedQueries {

  private static final String UNDEFINED_TABLE = "42P01";
  private static final String UNDEFINED_SCHEMA = "3F000";
  private static final String CANCELED = "57014";

  private final JdbcClient jdbc;
  private final TransactionTemplate transaction;

  BoundedQueries(DataSource dataSource) {
    this.jdbc = JdbcClient.create(dataSource);
    this.transaction = new TransactionTemplate(new JdbcTransactionManager(dataSource));
    transaction.setReadOnly(true);
  }

  JdbcClient jdbc() {
    return jdbc;
  }

  /** The result of a query, which uses {@link #jdbc}. */
  <T> T query(Supplier<T> rows) {
    try {
      return Objects.requireNonNull(
          transaction.execute(_ -> {
            limitTime();
            return rows.get();
          }));
    } catch (DataAccessException | TransactionException e) {
      throw new AnalyticsUnavailableException(reason(e), e);
    }
  }

  /** For the transaction only, since a pooler shares the session with other clients. */
  private void limitTime() {
    jdbc.sql(
            "SELECT set_config('statement_timeout', '8s', true), set_config('timezone', 'UTC', true)")
        .query()
        .singleRow();
  }

  private static String reason(NestedRuntimeException e) {
    String state =
        e.getMostSpecificCause() instanceof SQLException sql
            ? Optional.ofNullable(sql.getSQLState()).orElse("")
            : "";
    return switch (state) {
      case UNDEFINED_TABLE, UNDEFINED_SCHEMA ->
          "the database has no audit tables yet, or older ones: stream-auditor creates them when it"
              + " starts";
      case CANCELED -> "the database took too long: choose a shorter span";
      default ->
          "the database does not answer: "
              + Objects.toString(e.getMostSpecificCause().getMessage(), "no reason given")
                  .lines()
                  .findFirst()
                  .orElse("");
    };
  }
}
