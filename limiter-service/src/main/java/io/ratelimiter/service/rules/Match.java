package io.ratelimiter.service.rules;

import java.util.List;

/**
 * The rules that apply to one check at one moment.
 *
 * @param rules enforcing ones first, then shadow ones, each part ordered by rule id; may be empty
 * @param generation changes whenever the rule set is replaced, and whenever a rule that could apply
 *     comes into or goes out of force: of one process, two matches of a client and key with equal
 *     generations have equal rules
 */
public record Match(List<Rule> rules, long generation) {

  public Match {
    rules = List.copyOf(rules);
  }
}
