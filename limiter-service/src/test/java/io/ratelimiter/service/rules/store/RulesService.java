package io.ratelimiter.service.rules.store;

import io.ratelimiter.service.limiter.Check;
import io.ratelimiter.service.rules.ActiveRules;
import io.ratelimiter.service.rules.definition.RuleContext;
import io.ratelimiter.service.rules.live.LiveRulesConfiguration;
import io.ratelimiter.service.rules.live.RulesProperties;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The service's own beans for rules. */
final class RulesService {

  private RulesService() {}

  /** The context of rules whose store is one Redis. */
  @Configuration(proxyBeanMethods = false)
  static class OneRedis {

    @Bean
    RuleContext ruleContext(RulesProperties properties) {
      return RuleContext.of(properties.inherited());
    }
  }

  /** With these settings and the defaults of all others. */
  static ApplicationContextRunner with(String... settings) {
    return new ApplicationContextRunner()
        .withUserConfiguration(
            LiveRulesConfiguration.class, RuleStoreConfiguration.class, OneRedis.class)
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
