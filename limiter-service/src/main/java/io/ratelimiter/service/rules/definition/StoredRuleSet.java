package io.ratelimiter.service.rules.definition;

import io.ratelimiter.service.rules.Algorithm;
import io.ratelimiter.service.rules.AnyRule;
import io.ratelimiter.service.rules.InvalidRuleSetException;
import io.ratelimiter.service.rules.RuleSet;
import java.util.List;

/** All rules as they were kept at one moment. */
record StoredRuleSet(Version version, List<StoredRule> rules) {

  /**
   * Names one state of the rules.
   *
   * @param revision what the outside sees
   * @param stamp differs where a restored store counts the same revision once more
   */
  record Version(long revision, String stamp) {}

  StoredRuleSet {
    rules = List.copyOf(rules);
  }

  long revision() {
    return version.revision();
  }

  /**
   * The rules where {@code inherited} is the service's algorithm.
   *
   * @throws InvalidRuleSetException naming the first rule that is none
   */
  List<AnyRule> under(Algorithm inherited) {
    return rules.stream().map(rule -> rule.under(inherited)).toList();
  }

  /**
   * The same, ready to be matched.
   *
   * @throws InvalidRuleSetException when they cannot be in force
   */
  RuleSet compile(Algorithm inherited) {
    return new RuleSet(revision(), under(inherited));
  }
}
