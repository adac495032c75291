package io.ratelimiter.service.rules.store;

import java.util.Objects;
import java.util.function.Function;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

/** Changes rules one after the other, with every other writer of the table. */
final class RuleWriterTransaction {

  private static final String LOCK_TIMEOUT = "2s";

  private final TransactionTemplate transaction;
  private final JdbcClient jdbc;

  RuleWriterTransaction(TransactionTemplate transaction, JdbcClient jdbc) {
    this.transaction = transaction;
    this.jdbc = jdbc;
  }

  /**
   * Runs the change once no other writer is at work, tells the history who makes it, and rolls back
   * if it was to be validated only.
   */
  Change run(ChangeRequest request, Function<RuleTable, Change> change) {
    return Objects.requireNonNull(
        transaction.execute(status -> {
          introduce(request);
          takeTurn();
          Change outcome = change.apply(new RuleTable(jdbc));
          if (request.validateOnly()) {
            status.setRollbackOnly();
          }
          return outcome;
        }));
  }

  private void introduce(ChangeRequest request) {
    jdbc.sql(
            """
            SELECT set_config('lock_timeout', :timeout, true),
                   set_config('limiter.changed_by', :author, true),
                   set_config('limiter.correlation_id', :correlation, true)
            """)
        .param("timeout", LOCK_TIMEOUT)
        .param("author", request.author())
        .param("correlation", request.correlationId())
        .query()
        .singleRow();
  }

  /** Every writer takes this row first, so what is read from here on stays as it is. */
  private void takeTurn() {
    jdbc.sql("SELECT revision FROM limiter.rule_set FOR UPDATE").query().singleRow();
  }
}
