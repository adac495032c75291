package io.ratelimiter.service.rules;

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

  /** The rule is not in the revision that its writer had seen; nothing was changed. */
  record Outdated(StoredRule current) implements Change {}

  /** Another rule stands in the way; nothing was changed. */
  record Conflicting(String why) implements Change {}

  /** Another session holds the rules; nothing was changed. */
  record Locked(String byWhom) implements Change {}
}
