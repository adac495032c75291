package io.ratelimiter.service.rules.store;

import io.ratelimiter.service.rules.definition.StoredRule;
import java.util.OptionalLong;
import java.util.function.Predicate;

/**
 * How a rule is to be changed.
 *
 * @param author recorded in the history
 * @param correlationId of the request; recorded in the history
 * @param condition must hold for the revision of the stored rule; empty: there is no such rule
 * @param validateOnly whether only the outcome is computed and nothing is changed
 */
public record ChangeRequest(
    String author, String correlationId, Predicate<OptionalLong> condition, boolean validateOnly) {

  /** Whether the condition does not hold for the stored rule. */
  boolean outdated(StoredRule current) {
    return !condition.test(OptionalLong.of(current.revision()));
  }

  /** Whether the condition requires a stored rule. */
  boolean requiresRule() {
    return !condition.test(OptionalLong.empty());
  }
}
