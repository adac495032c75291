package io.ratelimiter.service.rules;

import io.ratelimiter.service.rules.LiveRules.StartRules;
import io.ratelimiter.service.rules.RulesReloader.Timing;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.condition.ConditionalOnExpression;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The rules in force, and what keeps them up to date. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(RulesProperties.class)
public class RulesConfiguration {

  private static final String HAS_DATABASE = "!'${rules.database-url:}'.isEmpty()";

  @Bean
  LiveRules liveRules(
      RulesProperties properties, @Value("${limiter.algorithm:token_bucket}") String algorithm) {
    return new LiveRules(
        inherited(algorithm),
        !properties.databaseUrl().isEmpty(),
        System::nanoTime,
        new StartRules(ShippedRules.all(), RulesStatus.Source.SHIPPED));
  }

  private static Algorithm inherited(String name) {
    return Algorithm.named(name)
        .orElseThrow(() ->
            new IllegalArgumentException(
                "ALGORITHM must be one of %s, not \"%s\""
                    .formatted(
                        Arrays.stream(Algorithm.values())
                            .map(Algorithm::wireName)
                            .collect(Collectors.joining(", ")),
                        name)));
  }

  /** Rules in PostgreSQL. */
  @Configuration(proxyBeanMethods = false)
  @ConditionalOnExpression(HAS_DATABASE)
  static class InDatabase {

    @Bean
    RulesDatabase rulesDatabase(RulesProperties properties) {
      return RulesDatabase.at(DatabaseUrl.parse(properties.databaseUrl()));
    }

    @Bean
    RulesReloader rulesReloader(
        RulesDatabase database, LiveRules live, RulesProperties properties) {
      return new RulesReloader(
          new DatabaseRules(database.pool()),
          live,
          _ -> {},
          new Timing(properties.pollInterval(), properties.startWait()));
    }

    @Bean
    ChangeListener rulesChangeListener(RulesProperties properties, RulesReloader reloader) {
      return new ChangeListener(
          DatabaseUrl.parse(properties.databaseUrl()), properties.pollInterval(), reloader::hint);
    }
  }
}
