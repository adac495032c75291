package io.ratelimiter.service.rules.definition;

import io.ratelimiter.service.rules.AnyRule;
import io.ratelimiter.service.rules.InvalidRuleSetException;
import io.ratelimiter.service.rules.RuleSet;
import java.util.List;

/** All rules as they were stored at one version. */
public record StoredRuleSet(Version version, List<StoredRule> rules) {

  /**
   * Identifies one state of the stored rules.
   *
   * @param revision the number that users see
   * @param stamp differs where a restored database reaches the same revision again
   */
  public record Version(long revision, String stamp) {}

  public StoredRuleSet {
    rules = List.copyOf(rules);
  }

  /** The number that users see. */
  public long revision() {
    return version.revision();
  }

  /**
   * The rules under the settings of the service.
   *
   * @throws InvalidRuleSetException naming the first invalid rule and its fault
   */
  public List<AnyRule> effective(RuleContext context) {
    return rules.stream().map(rule -> rule.effective(context)).toList();
  }

  /**
   * The rules under the settings of the service, ready to be matched.
   *
   * @throws InvalidRuleSetException when the set cannot be in force
   */
  public RuleSet compile(RuleContext context) {
    return new RuleSet(revision(), effective(context));
  }
}
