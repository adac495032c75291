package io.ratelimiter.service.rules.live;

import io.micrometer.core.instrument.binder.MeterBinder;
import io.ratelimiter.runtime.DatabaseUrl;
import io.ratelimiter.service.rules.Algorithm;
import io.ratelimiter.service.rules.definition.StoredRuleSet;
import io.ratelimiter.service.rules.live.RulesReloader.Timing;
import io.ratelimiter.service.rules.store.ChangeListener;
import io.ratelimiter.service.rules.store.DatabaseRules;
import io.ratelimiter.service.rules.store.InstanceBoard;
import io.ratelimiter.service.rules.store.RuleAdmin;
import io.ratelimiter.service.rules.store.RulesDatabase;
import java.nio.file.Path;
import java.util.Locale;
import java.util.function.Consumer;
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
    Algorithm inherited = inherited(algorithm);
    return new LiveRules(
        inherited,
        !properties.databaseUrl().isEmpty(),
        System::nanoTime,
        StartRules.choose(properties, inherited));
  }

  @Bean
  MeterBinder rulesMetrics(RulesStatus status) {
    return registry -> RulesMetrics.register(status, registry);
  }

  private static Algorithm inherited(String name) {
    return Algorithm.named(name.toLowerCase(Locale.ROOT))
        .orElseThrow(() ->
            new IllegalArgumentException(
                "ALGORITHM must be one of %s, not \"%s\"".formatted(Algorithm.wireNames(), name)));
  }

  /** Rules in a file that may be replaced, and no database. */
  @Configuration(proxyBeanMethods = false)
  @ConditionalOnExpression("!'${rules.file:}'.isEmpty() && '${rules.database-url:}'.isEmpty()")
  static class InFile {

    @Bean
    RulesReloader rulesReloader(RulesProperties properties, LiveRules live) {
      return new RulesReloader(
          new FileRules(Path.of(properties.file())), live, _ -> {}, timing(properties));
    }
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
          new DatabaseRules(database.pool()), live, snapshot(properties), timing(properties));
    }

    @Bean
    RuleAdmin ruleAdmin(RulesDatabase database, LiveRules live, RulesReloader reloader) {
      return new RuleAdmin(database.pool(), live.inherited(), reloader::reloadNow);
    }

    @Bean
    InstanceBoard instanceBoard(RulesDatabase database, RulesStatus status) {
      return new InstanceBoard(database.pool(), status);
    }

    @Bean
    ChangeListener rulesChangeListener(RulesProperties properties, RulesReloader reloader) {
      return new ChangeListener(
          DatabaseUrl.parse(properties.databaseUrl()), properties.pollInterval(), reloader::hint);
    }
  }

  private static Consumer<StoredRuleSet> snapshot(RulesProperties properties) {
    return properties.snapshotFile().isEmpty()
        ? _ -> {}
        : new SnapshotFile(Path.of(properties.snapshotFile()))::write;
  }

  private static Timing timing(RulesProperties properties) {
    return new Timing(properties.pollInterval(), properties.startWait());
  }
}
