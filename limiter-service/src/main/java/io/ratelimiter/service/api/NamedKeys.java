package io.ratelimiter.service.api;

import io.ratelimiter.service.rules.ActiveRules;
import io.ratelimiter.service.rules.Rule;
import io.ratelimiter.service.rules.RuleSet;
import java.util.HashSet;
import java.util.Set;

/** The limit keys that rules name, looked up once for each rule set. */
final class NamedKeys {

  private record Key(String tenant, String limitKey) {}

  private record Index(RuleSet of, Set<Key> keys) {}

  private final ActiveRules rules;
  private volatile Index index;

  NamedKeys(ActiveRules rules) {
    this.rules = rules;
    this.index = index(rules.current());
  }

  /** Whether an enabled rule of the tenant names the limit key. */
  boolean contains(String tenant, String limitKey) {
    RuleSet current = rules.current();
    Index known = index;
    if (known.of() != current) {
      known = index(current);
      index = known;
    }
    return known.keys().contains(new Key(tenant, limitKey));
  }

  private static Index index(RuleSet set) {
    Set<Key> keys = new HashSet<>();
    for (Rule rule : set.rules()) {
      if (rule.enabled() && !rule.limitKey().equals(Rule.WILDCARD)) {
        keys.add(new Key(rule.tenant(), rule.limitKey()));
      }
    }
    return new Index(set, keys);
  }
}
