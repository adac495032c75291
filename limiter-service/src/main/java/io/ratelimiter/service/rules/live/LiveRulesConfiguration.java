package io.ratelimiter.service.rules.live;

import io.micrometer.core.instrument.binder.MeterBinder;
import io.ratelimiter.service.rules.definition.RuleContext;
import io.ratelimiter.service.rules.definition.StoredRuleSet;
import io.ratelimiter.service.rules.live.RulesReloader.Timing;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.springframework.boot.autoconfigure.condition.ConditionalOnExpression;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The rules in force, and the reloader that keeps them up to date. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(RulesProperties.class)
public class LiveRulesConfiguration {

  private static final String HAS_FILE_ONLY =
      "!'${rules.file:}'.isEmpty() && '${rules.database-url:}'.isEmpty()";

  private static final String HAS_SOURCE =
      "!'${rules.file:}'.isEmpty() || !'${rules.database-url:}'.isEmpty()";

  @Bean
  LiveRules liveRules(RulesProperties properties, RuleContext context) {
    return new LiveRules(
        context,
        !properties.databaseUrl().isEmpty(),
        System::nanoTime,
        StartRules.choose(properties, context));
  }

  @Bean
  MeterBinder rulesMetrics(LiveRules live) {
    return registry -> RulesMetrics.register(live, registry);
  }

  @Bean
  @ConditionalOnExpression(HAS_FILE_ONLY)
  RuleSource fileRules(RulesProperties properties, RuleContext context) {
    return new FileRules(Path.of(properties.file()), context);
  }

  @Bean
  @ConditionalOnExpression(HAS_SOURCE)
  RulesReloader rulesReloader(RuleSource source, LiveRules live, RulesProperties properties) {
    Timing timing = new Timing(properties.pollInterval(), properties.startWait());
    return new RulesReloader(source, live, snapshot(properties), timing);
  }

  private static Consumer<StoredRuleSet> snapshot(RulesProperties properties) {
    return properties.databaseUrl().isEmpty() || properties.snapshotFile().isEmpty()
        ? _ -> {}
        : new SnapshotFile(Path.of(properties.snapshotFile()))::write;
  }
}
