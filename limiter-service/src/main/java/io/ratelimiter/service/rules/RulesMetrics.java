package io.ratelimiter.service.rules;

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
            "ratelimiter.rules.age", status, TimeUnit.MILLISECONDS, s -> s.state().age().toMillis())
        .description("Time since the rule set in force was last known to be the newest")
        .register(registry);
    Gauge.builder("ratelimiter.rules.count", status, s -> s.state().ruleCount())
        .description("Rules in the set in force, those not in force themselves included")
        .register(registry);
    Gauge.builder("ratelimiter.rules.refused", status, s -> s.state().refused() == null ? 0 : 1)
        .description("1 while the newest rule set is kept out because it is invalid")
        .register(registry);
  }
}
