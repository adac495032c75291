package io.ratelimiter.service.rules.store;

import io.ratelimiter.service.rules.definition.StoredRule;
import java.util.OptionalLong;
import java.util.function.Predicate;

/**
 * How a rule is to be changed.
 *
 * @param author who changes it, for the history
 * @param correlationId of the request, for the history
 * @param condition admits the revision of the stored rule; empty: there is none
 * @param validateOnly nothing is changed, only said what would come of it
 */
public record ChangeRequest(
    String author, String correlationId, Predicate<OptionalLong> condition, boolean validateOnly) {

  /** Whether the condition does not hold for the stored rule. */
  boolean outdated(StoredRule current) {
    return !condition.test(OptionalLong.of(current.revision()));
  }

  /** Whether the condition requires a stored rule. */
  boolean needsARule() {
    return !condition.test(OptionalLong.empty());
  }
}
