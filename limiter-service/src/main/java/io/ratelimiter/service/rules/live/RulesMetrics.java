package io.ratelimiter.service.rules.live;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.TimeGauge;
import java.util.concurrent.TimeUnit;

/** What metrics tell of the rules. */
final class RulesMetrics {

  private RulesMetrics() {}

  static void register(RulesStatus status, MeterRegistry registry) {
    Gauge.builder("ratelimiter.rules.revision", status, s -> s.state().revision())
        .description("Revision of the rule set in force")
        .register(registry);
    TimeGauge.builder(
            "ratelimiter.rules.age", status, TimeUnit.MILLISECONDS, RulesMetrics::ageMillis)
        .description("Time since the rule set in force was last known to be the newest")
        .register(registry);
    Gauge.builder("ratelimiter.rules", status, s -> s.state().ruleCount())
        .description("Rules in the set in force, those not in force themselves included")
        .register(registry);
    Gauge.builder("ratelimiter.rules.refused", status, s -> s.state().refused() == null ? 0 : 1)
        .description("1 while the newest rule set is kept out because it is invalid")
        .register(registry);
    Gauge.builder("ratelimiter.postgres.available", status, RulesMetrics::databaseAvailable)
        .description("1 while the rules' database answers, or none is configured")
        .register(registry);
  }

  /** Shipped rules that nothing could ever replace do not age. */
  private static long ageMillis(RulesStatus status) {
    RulesStatus.State state = status.state();
    boolean alone = state.source() == RulesStatus.Source.SHIPPED && !state.databaseConfigured();
    return alone ? 0 : state.age().toMillis();
  }

  private static int databaseAvailable(RulesStatus status) {
    RulesStatus.State state = status.state();
    return state.databaseAvailable() || !state.databaseConfigured() ? 1 : 0;
  }
}
