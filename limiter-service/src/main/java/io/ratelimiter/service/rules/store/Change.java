package io.ratelimiter.service.rules.store;

import io.ratelimiter.service.rules.definition.StoredRule;
import org.jspecify.annotations.Nullable;

/** The outcome of an attempt to change a rule. */
public sealed interface Change {

  /** The rule was created. */
  record Created(StoredRule rule) implements Change {}

  /** The rule existed and was replaced by this one. */
  record Replaced(StoredRule rule) implements Change {}

  /** The rule was deleted. */
  record Deleted(StoredRule rule) implements Change {}

  /** There is no such rule. */
  record Missing(long id) implements Change {}

  /**
   * The change's condition does not hold; nothing was changed.
   *
   * @param current the stored rule; null when there is none
   */
  record Outdated(@Nullable StoredRule current) implements Change {}

  /** Another rule prevents the change; nothing was changed. */
  record Conflicting(String why) implements Change {}

  /**
   * Another session has locked the rules; nothing was changed.
   *
   * @param holder describes the session
   */
  record Locked(String holder) implements Change {}
}
