package io.ratelimiter.service.api.mvc.rules;

import io.ratelimiter.service.rules.live.LiveRules;
import io.ratelimiter.service.rules.store.RuleAdmin;
import java.time.InstantSource;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Composes the controllers of rules. */
@Configuration(proxyBeanMethods = false)
public class AdminRulesConfiguration {

  @Bean
  RulesController rulesController(LiveRules rules, InstantSource clock) {
    return new RulesController(rules, clock);
  }

  @Bean
  AdminRulesController adminRulesController(ObjectProvider<RuleAdmin> admin) {
    return new AdminRulesController(admin.getIfAvailable());
  }
}
