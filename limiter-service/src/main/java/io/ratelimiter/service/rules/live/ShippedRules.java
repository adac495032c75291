package io.ratelimiter.service.rules.live;

import io.ratelimiter.service.rules.Rule;
import io.ratelimiter.service.rules.RuleTerms;
import io.ratelimiter.service.rules.Spending;
import io.ratelimiter.service.rules.definition.PolicyDefinition;
import io.ratelimiter.service.rules.definition.RuleDefinition;
import io.ratelimiter.service.rules.definition.StoredRule;
import io.ratelimiter.service.rules.definition.StoredRuleSet;
import java.util.List;

/** The rules without any configuration; the database's seed is the same. */
final class ShippedRules {

  private static final long WINDOW_SECONDS = 60;

  private ShippedRules() {}

  static StoredRuleSet all() {
    return new StoredRuleSet(
        new StoredRuleSet.Version(0, "shipped"),
        List.of(
            rule(1, "default", Rule.WILDCARD, 100),
            rule(2, "api_client", "api_client", 20),
            rule(3, "premium_client", "premium_client", 500)));
  }

  private static StoredRule rule(long id, String name, String clientId, long rate) {
    RuleTerms terms = RuleTerms.enforcing("default", name, clientId, Rule.WILDCARD);
    PolicyDefinition policy = new PolicyDefinition(null, rate, WINDOW_SECONDS, null);
    return new StoredRule(id, new RuleDefinition(terms, policy, Spending.PLAIN, "{}"), 0);
  }
}
