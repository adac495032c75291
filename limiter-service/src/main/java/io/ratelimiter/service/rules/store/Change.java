package io.ratelimiter.service.rules.store;

import io.ratelimiter.service.rules.definition.StoredRule;
import org.jspecify.annotations.Nullable;

/** What came of an attempt to change a rule. */
public sealed interface Change {

  /** There is a new rule. */
  record Created(StoredRule rule) implements Change {}

  /** The rule was there and is now this one. */
  record Replaced(StoredRule rule) implements Change {}

  /** The rule is gone. */
  record Deleted(StoredRule rule) implements Change {}

  /** There is no such rule. */
  record Missing(long id) implements Change {}

  /**
   * The change's condition does not hold; nothing was changed.
   *
   * @param current the stored rule; null when there is none
   */
  record Outdated(@Nullable StoredRule current) implements Change {}

  /** Another rule stands in the way; nothing was changed. */
  record Conflicting(String why) implements Change {}

  /** Another session holds the rules; nothing was changed. */
  record Locked(String byWhom) implements Change {}
}
