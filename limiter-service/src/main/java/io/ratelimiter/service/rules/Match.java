package io.ratelimiter.service.rules;

import java.util.List;

/**
 * The rules that apply to one check at one moment.
 *
 * @param rules enforcing ones first, then shadow ones, each part ordered by rule id; may be empty
 * @param generation changes whenever the rule set is replaced or a rule comes into or goes out of
 *     force
 */
public record Match(List<Rule> rules, long generation) {

  public Match {
    rules = List.copyOf(rules);
  }
}
