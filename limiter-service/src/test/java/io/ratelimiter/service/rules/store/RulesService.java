package io.ratelimiter.service.rules.store;

import io.ratelimiter.service.limiter.Check;
import io.ratelimiter.service.rules.ActiveRules;
import io.ratelimiter.service.rules.live.LiveRulesConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** The service's own beans for rules. */
final class RulesService {

  private RulesService() {}

  /** With these settings and the defaults of all others. */
  static ApplicationContextRunner with(String... settings) {
    return new ApplicationContextRunner()
        .withUserConfiguration(LiveRulesConfiguration.class, RuleStoreConfiguration.class)
        .withPropertyValues(settings);
  }

  /** With this database and these settings. */
  static ApplicationContextRunner on(Database database, String... settings) {
    return with(settings).withPropertyValues("rules.database-url=" + database.url());
  }

  /** The limit of the shipped rule 2, of {@code api_client}. */
  static long limitOfRule2(ActiveRules rules) {
    return rules
        .current()
        .match(new Check("default", "api_client", "x", 1), 0)
        .rules()
        .getFirst()
        .policy()
        .limit();
  }
}
