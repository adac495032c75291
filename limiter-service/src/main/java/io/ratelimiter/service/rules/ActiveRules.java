package io.ratelimiter.service.rules;

/** Where the rule set in force is read. */
public interface ActiveRules {

  /** The rule set of this moment; one volatile read. Never null: an empty set is valid. */
  RuleSet current();
}
