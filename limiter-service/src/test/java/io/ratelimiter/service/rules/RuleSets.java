package io.ratelimiter.service.rules;

import io.ratelimiter.service.limiter.Check;
import java.util.List;
import java.util.stream.Stream;

/** Builds rule sets for tests, and matches them as ids. */
final class RuleSets {

  private static final long NOW_MILLIS = 1_000;

  private RuleSets() {}

  static RuleSet set(RuleBuilder... rules) {
    return new RuleSet(1, Stream.of(rules).map(RuleBuilder::build).toList());
  }

  static List<Long> ids(RuleSet set, String tenant, String client, String key) {
    return ids(set.match(new Check(tenant, client, key, 1), NOW_MILLIS));
  }

  static List<Long> ids(Match match) {
    return match.rules().stream().map(Rule::id).toList();
  }
}
