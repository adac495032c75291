package io.ratelimiter.service.rules;

/** Provides the rule set in force. */
public interface ActiveRules {

  /** The rule set in force now; one volatile read. It may be empty. */
  RuleSet current();
}
