package io.ratelimiter.service.rules.live;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.TimeGauge;
import java.util.concurrent.TimeUnit;

/** The metrics of the rules. */
final class RulesMetrics {

  private RulesMetrics() {}

  static void register(LiveRules live, MeterRegistry registry) {
    Gauge.builder("ratelimiter.rules.revision", live, rules -> rules.state().revision())
        .description("Revision of the rule set in force")
        .register(registry);
    TimeGauge.builder("ratelimiter.rules.age", live, TimeUnit.MILLISECONDS, RulesMetrics::ageMillis)
        .description("Time since the rule set in force was last known to be the newest")
        .register(registry);
    Gauge.builder("ratelimiter.rules", live, rules -> rules.state().ruleCount())
        .description("Rules of the set in force, including those that are not in force")
        .register(registry);
    Gauge.builder(
            "ratelimiter.rules.refused", live, rules -> rules.state().refused() == null ? 0 : 1)
        .description("1 while the newest rule set is not in force because it is invalid")
        .register(registry);
    Gauge.builder("ratelimiter.postgres.available", live, RulesMetrics::databaseAvailable)
        .description("1 while the rules' database answers, and where none is configured")
        .register(registry);
  }

  /** 0 for shipped rules without a database: nothing can replace them. */
  private static long ageMillis(LiveRules live) {
    RulesState state = live.state();
    boolean alone = state.source() == RulesState.Source.SHIPPED && !state.databaseConfigured();
    return alone ? 0 : state.age().toMillis();
  }

  private static int databaseAvailable(LiveRules live) {
    RulesState state = live.state();
    return state.databaseAvailable() || !state.databaseConfigured() ? 1 : 0;
  }
}
