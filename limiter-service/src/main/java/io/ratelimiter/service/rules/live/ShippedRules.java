package io.ratelimiter.service.rules.live;

import io.ratelimiter.service.rules.Mode;
import io.ratelimiter.service.rules.Rule;
import io.ratelimiter.service.rules.definition.RuleDefinition;
import io.ratelimiter.service.rules.definition.StoredRule;
import io.ratelimiter.service.rules.definition.StoredRuleSet;
import java.time.Instant;
import java.util.List;

/** The rules where nobody gives any; the database's seed is the same. */
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
    RuleDefinition definition =
        new RuleDefinition(
            "default",
            name,
            clientId,
            Rule.WILDCARD,
            null,
            rate,
            WINDOW_SECONDS,
            null,
            Mode.ENFORCE,
            true,
            false,
            false,
            null,
            null,
            null,
            "{}");
    return new StoredRule(id, definition, 0, 0, Instant.EPOCH, Instant.EPOCH);
  }
}
