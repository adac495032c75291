package io.ratelimiter.service.rules.store;

import io.ratelimiter.runtime.DatabaseUrl;
import io.ratelimiter.service.rules.definition.RuleContext;
import io.ratelimiter.service.rules.live.LiveRules;
import io.ratelimiter.service.rules.live.RuleSource;
import io.ratelimiter.service.rules.live.RulesProperties;
import io.ratelimiter.service.rules.live.RulesReloader;
import org.springframework.boot.autoconfigure.condition.ConditionalOnExpression;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Rules in PostgreSQL, if there is a database. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnExpression("!'${rules.database-url:}'.isEmpty()")
public class RuleStoreConfiguration {

  @Bean
  RulesDatabase rulesDatabase(RulesProperties properties) {
    return RulesDatabase.at(DatabaseUrl.parse(properties.databaseUrl()));
  }

  @Bean
  RuleSource databaseRules(RulesDatabase database) {
    return new DatabaseRules(database.pool());
  }

  @Bean
  RuleAdmin ruleAdmin(RulesDatabase database, RuleContext context, RulesReloader reloader) {
    return new RuleAdmin(database.pool(), context, reloader::reloadNow);
  }

  @Bean
  InstanceBoard instanceBoard(RulesDatabase database, LiveRules live) {
    return new InstanceBoard(database.pool(), live);
  }

  @Bean
  ChangeListener changeListener(RulesProperties properties, RulesReloader reloader) {
    return new ChangeListener(
        DatabaseUrl.parse(properties.databaseUrl()), properties.pollInterval(), reloader::hint);
  }
}
