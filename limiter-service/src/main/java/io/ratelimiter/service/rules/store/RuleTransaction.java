package io.ratelimiter.service.rules.store;

import io.ratelimiter.service.rules.InvalidRuleSetException;
import io.ratelimiter.service.rules.RuleSet;
import io.ratelimiter.service.rules.definition.RuleContext;
import io.ratelimiter.service.rules.definition.StoredRule;
import java.util.Objects;
import java.util.function.Function;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

/** Runs changes of rules one at a time, across all writers of the table. */
final class RuleTransaction {

  private static final String LOCK_TIMEOUT = "2s";

  private final TransactionTemplate transaction;
  private final JdbcClient jdbc;
  private final RuleContext context;

  RuleTransaction(TransactionTemplate transaction, JdbcClient jdbc, RuleContext context) {
    this.transaction = transaction;
    this.jdbc = jdbc;
    this.context = context;
  }

  /**
   * Runs the change once no other writer has locked the rules, and rolls it back if it conflicts or
   * is only to be validated. Author and correlation id are recorded in the history.
   */
  Change run(ChangeRequest request, Function<RuleTable, Change> change) {
    return Objects.requireNonNull(
        transaction.execute(status -> {
          setSessionSettings(request);
          lockRuleSet();
          RuleTable rules = new RuleTable(jdbc);
          Change outcome = checked(rules, change.apply(rules));
          if (request.validateOnly() || outcome instanceof Change.Conflicting) {
            status.setRollbackOnly();
          }
          return outcome;
        }));
  }

  /**
   * The change, or a conflict if the tenant's rules cannot be in force with it. For tenants without
   * match and by the table's constraints guarantee that they can.
   */
  private Change checked(RuleTable rules, Change change) {
    StoredRule written =
        switch (change) {
          case Change.Created(StoredRule rule) -> rule;
          case Change.Replaced(StoredRule rule) -> rule;
          case Change.Deleted _,
              Change.Missing _,
              Change.Outdated _,
              Change.Conflicting _,
              Change.Locked _ ->
              null;
        };
    if (written == null || !written.definition().terms().enabled()) {
      return change;
    }
    try {
      String tenant = written.definition().terms().tenant();
      new RuleSet(
          0,
          rules.enabledIfAnyMatchesAttributes(tenant).stream()
              .map(rule -> rule.effective(context))
              .toList());
      return change;
    } catch (InvalidRuleSetException e) {
      return new Change.Conflicting(String.valueOf(e.getMessage()));
    }
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
