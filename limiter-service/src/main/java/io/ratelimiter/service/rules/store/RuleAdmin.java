package io.ratelimiter.service.rules.store;

import io.ratelimiter.runtime.RootCause;
import io.ratelimiter.service.rules.InvalidRuleSetException;
import io.ratelimiter.service.rules.Policy;
import io.ratelimiter.service.rules.Rule;
import io.ratelimiter.service.rules.RuleTerms;
import io.ratelimiter.service.rules.definition.InvalidRuleException;
import io.ratelimiter.service.rules.definition.RuleContext;
import io.ratelimiter.service.rules.definition.RuleDefinition;
import io.ratelimiter.service.rules.definition.RuleHistoryEntry;
import io.ratelimiter.service.rules.definition.StoredRule;
import io.ratelimiter.service.rules.json.RuleName;
import io.ratelimiter.service.rules.live.RulesUnavailableException;
import io.ratelimiter.service.rules.store.Change.Conflicting;
import io.ratelimiter.service.rules.store.Change.Created;
import io.ratelimiter.service.rules.store.Change.Deleted;
import io.ratelimiter.service.rules.store.Change.Locked;
import io.ratelimiter.service.rules.store.Change.Missing;
import io.ratelimiter.service.rules.store.Change.Outdated;
import io.ratelimiter.service.rules.store.Change.Replaced;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Reads and changes the stored rules. Every method blocks for the database, and at most 2 s for
 * another writer, and throws {@link RulesUnavailableException} when the database does not answer.
 */
public final class RuleAdmin {

  private static final String NAME_TAKEN = "name is taken by another rule of the tenant";
  private static final String GIVE_ANOTHER = "; give another name";

  private final RuleContext context;
  private final Runnable afterChange;
  private final RuleTable table;
  private final RuleTransaction transaction;
  private final LockHolder lockHolder;

  /**
   * @param afterChange called after each change; puts it in force in this instance
   */
  RuleAdmin(DataSource dataSource, RuleContext context, Runnable afterChange) {
    JdbcClient jdbc = JdbcClient.create(dataSource);
    this.afterChange = afterChange;
    this.context = context;
    this.table = new RuleTable(jdbc);
    this.transaction =
        new RuleTransaction(
            new TransactionTemplate(new JdbcTransactionManager(dataSource)), jdbc, context);
    this.lockHolder = new LockHolder(jdbc);
  }

  /** The rule of this id, if there is one. */
  public Optional<StoredRule> byId(long id) {
    return query(() -> table.byId(id));
  }

  /**
   * At most {@code limit} rules that match the filter, by id, from the first above {@code afterId}.
   */
  public List<StoredRule> list(RuleFilter filter, long afterId, int limit) {
    return query(() -> table.list(filter, afterId, limit));
  }

  /**
   * At most {@code limit} changes of a rule, latest first, from the first below {@code
   * beforeChange}.
   */
  public List<RuleHistoryEntry> history(long ruleId, long beforeChange, int limit) {
    return query(() -> table.history(ruleId, beforeChange, limit));
  }

  /**
   * Creates the rule, or replaces the rule of the same tenant and name, which keeps its id. A rule
   * of the default name is not replaced by one with another match or by: the change conflicts.
   *
   * @throws InvalidRuleException naming the field and the fault
   */
  public Change save(RuleDefinition rule, ChangeRequest request) {
    check(rule);
    return changed(
        request,
        rules ->
            rules
                .byName(rule.terms().tenant(), rule.terms().name())
                .map(current ->
                    replaces(rule, current)
                        ? replace(rules, current, rule, request)
                        : new Conflicting(NAME_TAKEN + ", with another match or by" + GIVE_ANOTHER))
                .orElseGet(() ->
                    request.requiresRule() ? new Outdated(null) : new Created(rules.insert(rule))));
  }

  /**
   * Whether the rule replaces the stored one of the same name. A default name is made of client id
   * and limit key alone, so rules that differ in match or by may have the same one.
   */
  private static boolean replaces(RuleDefinition rule, StoredRule current) {
    RuleTerms written = rule.terms();
    RuleTerms stored = current.definition().terms();
    return !RuleName.isDefault(written)
        || (written.match().equals(stored.match()) && Objects.equals(written.by(), stored.by()));
  }

  /**
   * Replaces the rule of this id, its name included.
   *
   * @throws InvalidRuleException naming the field and the fault
   */
  public Change replace(long id, RuleDefinition rule, ChangeRequest request) {
    check(rule);
    return changed(
        request,
        rules ->
            rules
                .byId(id)
                .map(current -> replace(rules, current, rule, request))
                .orElseGet(() -> new Missing(id)));
  }

  private static Change replace(
      RuleTable rules, StoredRule current, RuleDefinition rule, ChangeRequest request) {
    return request.outdated(current)
        ? new Outdated(current)
        : new Replaced(rules.update(current.id(), rule));
  }

  /** Deletes the rule of this id; its counters expire by themselves. */
  public Change delete(long id, ChangeRequest request) {
    return changed(
        request,
        rules -> {
          Optional<StoredRule> current = rules.byId(id);
          if (current.isEmpty()) {
            return new Missing(id);
          }
          if (request.outdated(current.get())) {
            return new Outdated(current.get());
          }
          rules.delete(id);
          return new Deleted(current.get());
        });
  }

  private void check(RuleDefinition rule) {
    try {
      rule.effective(context, 1, 0, 0);
    } catch (IllegalArgumentException e) {
      throw new InvalidRuleException(String.valueOf(e.getMessage()), e);
    }
  }

  /**
   * The policy that this rule has in force; null for a rule of mode exempt.
   *
   * @throws InvalidRuleSetException when the stored rule is invalid because a constraint was
   *     dropped from the table
   */
  public @Nullable Policy effectivePolicy(StoredRule rule) {
    return rule.effective(context) instanceof Rule limit ? limit.policy() : null;
  }

  private Change changed(ChangeRequest request, Function<RuleTable, Change> change) {
    return query(() -> {
      try {
        Change outcome = transaction.run(request, change);
        afterChange.run();
        return outcome;
      } catch (DataAccessException e) {
        return outcome(e);
      }
    });
  }

  private Change outcome(DataAccessException refused) {
    return switch (Refusal.of(refused)) {
      case LOCKED -> new Locked(lockHolder.describe());
      case NAME_TAKEN -> new Conflicting(NAME_TAKEN + GIVE_ANOTHER);
      case CONSTRAINT -> new Conflicting(Refusal.message(refused));
      case VALUE, OTHER -> throw refused;
    };
  }

  private static <T> T query(Supplier<T> query) {
    try {
      return query.get();
    } catch (DataAccessException | TransactionException e) {
      if (Refusal.of(e) == Refusal.VALUE) {
        throw new InvalidRuleException("the database refuses a value: " + RootCause.message(e), e);
      }
      throw new RulesUnavailableException(e);
    }
  }
}
