package io.ratelimiter.service.rules.store;

import java.util.Objects;
import java.util.function.Function;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

/** Runs changes of rules one at a time, across all writers of the table. */
final class RuleTransaction {

  private static final String LOCK_TIMEOUT = "2s";

  private final TransactionTemplate transaction;
  private final JdbcClient jdbc;

  RuleTransaction(TransactionTemplate transaction, JdbcClient jdbc) {
    this.transaction = transaction;
    this.jdbc = jdbc;
  }

  /**
   * Runs the change once no other writer has locked the rules, and rolls it back if it is only to
   * be validated. Author and correlation id are recorded in the history.
   */
  Change run(ChangeRequest request, Function<RuleTable, Change> change) {
    return Objects.requireNonNull(
        transaction.execute(status -> {
          setSessionSettings(request);
          lockRuleSet();
          Change outcome = change.apply(new RuleTable(jdbc));
          if (request.validateOnly()) {
            status.setRollbackOnly();
          }
          return outcome;
        }));
  }

  private void setSessionSettings(ChangeRequest request) {
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

  /** Every writer locks this row first, so what is read from here on does not change. */
  private void lockRuleSet() {
    jdbc.sql("SELECT revision FROM limiter.rule_set FOR UPDATE").query().singleRow();
  }
}
