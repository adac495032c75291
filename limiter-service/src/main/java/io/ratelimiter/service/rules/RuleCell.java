package io.ratelimiter.service.rules;

import java.util.ArrayList;
import java.util.List;

/**
 * The enabled rules that have the same tenant, match and {@code by} as written.
 *
 * @param limiting the rules that limit
 * @param exempting the rules that exempt
 * @param timed whether the time decides which of them are in force
 */
record RuleCell(List<Rule> limiting, List<AnyRule.Exempt> exempting, boolean timed) {

  static final RuleCell EMPTY = of(List.of());

  static RuleCell of(List<AnyRule> rules) {
    List<Rule> limits = new ArrayList<>();
    List<AnyRule.Exempt> exemptions = new ArrayList<>();
    for (AnyRule rule : rules) {
      switch (rule) {
        case Rule limit -> limits.add(limit);
        case AnyRule.Exempt exemption -> exemptions.add(exemption);
      }
    }
    return new RuleCell(
        List.copyOf(limits), List.copyOf(exemptions), rules.stream().anyMatch(AnyRule::timed));
  }

  boolean hasAlways() {
    return limiting.stream().anyMatch(Rule::always);
  }

  /** Number of enforcing rules that apply only where this cell is chosen. */
  int competing() {
    return (int) limiting.stream().filter(rule -> rule.enforcing() && !rule.always()).count();
  }

  /** Number of limits that may apply where another cell is chosen. */
  int beside() {
    return limiting.size() - competing();
  }

  /** Whether this cell is chosen, unless a more specific one is. */
  boolean choosable(long nowMillis) {
    for (Rule rule : limiting) {
      if (rule.enforcing() && !rule.always() && rule.inForce(nowMillis)) {
        return true;
      }
    }
    return exempts(nowMillis);
  }

  /**
   * Whether an exempt rule of this cell is in force: if the cell is chosen, none of its limits
   * applies.
   */
  boolean exempts(long nowMillis) {
    for (AnyRule.Exempt rule : exempting) {
      if (rule.inForce(nowMillis)) {
        return true;
      }
    }
    return false;
  }

  /** Whether an enforcing or exempt rule of this cell is in force, so that no fallback applies. */
  boolean preventsFallback(long nowMillis) {
    for (Rule rule : limiting) {
      if (rule.enforcing() && rule.inForce(nowMillis)) {
        return true;
      }
    }
    return exempts(nowMillis);
  }
}
