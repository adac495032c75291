package io.ratelimiter.service.rules;

import java.util.List;

/**
 * The rules that apply to one check at one moment.
 *
 * @param rules enforcing ones first, then shadow ones, each part ordered by rule id; may be empty
 * @param generation increases when the rule set is replaced and when a rule comes into force or is
 *     no longer in force: within a process, two matches of one tenant, client, limit key and
 *     attributes with equal generations have equal rules
 */
public record Match(List<Rule> rules, long generation) {

  public Match {
    rules = List.copyOf(rules);
  }

  /** The match without rules of rate 0, which have no counters; this match if it has none. */
  public Match counted() {
    List<Rule> counted =
        rules.stream().filter(rule -> !(rule.policy() instanceof Policy.Ban)).toList();
    return counted.size() == rules.size() ? this : new Match(counted, generation);
  }
}
