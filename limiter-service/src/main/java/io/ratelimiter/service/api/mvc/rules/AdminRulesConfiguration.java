package io.ratelimiter.service.api.mvc.rules;

import io.ratelimiter.service.rules.ActiveRules;
import io.ratelimiter.service.rules.RuleAdmin;
import io.ratelimiter.service.rules.RulesStatus;
import java.time.InstantSource;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Composes the controllers of rules. */
@Configuration(proxyBeanMethods = false)
public class AdminRulesConfiguration {

  @Bean
  RulesController rulesController(ActiveRules rules, RulesStatus status, InstantSource clock) {
    return new RulesController(rules, status, clock);
  }

  @Bean
  AdminRulesController adminRulesController(ObjectProvider<RuleAdmin> admin) {
    return new AdminRulesController(admin.getIfAvailable());
  }
}
