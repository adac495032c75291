package io.ratelimiter.service.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.ratelimiter.service.limiter.Check;
import io.ratelimiter.service.limiter.CheckOptions;
import io.ratelimiter.service.limiter.Decision;
import io.ratelimiter.service.limiter.LimitOutcome;
import io.ratelimiter.service.limiter.Source;
import io.ratelimiter.service.rules.Policy;
import io.ratelimiter.service.rules.Priority;
import io.ratelimiter.service.rules.Rule;
import io.ratelimiter.service.rules.RuleBuilder;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class SpendingMetricsTests {

  private static final Check LOW =
      new Check("default", "client", "global", 1)
          .with(new CheckOptions(Priority.LOW, 30_000, 0, null));

  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final SpendingMetrics metrics = new SpendingMetrics(registry);

  @Test
  void onlyRulesWithAReserveHaveSeriesOfPriorities() {
    decide(bucket("plain").limit(), 0);
    assertThat(registry.find("ratelimiter.priority.checks").counters()).isEmpty();
    decide(bucket("reserving").reserve(0, 5_000).limit(), 0);
    assertThat(allowed("reserving")).isEqualTo(1);
    assertThat(registry.get("ratelimiter.priority.checks").tag("outcome", "blocked").counter())
        .isNotNull();
  }

  @Test
  void rulesBeyondTheMaxNumberOfSeriesShareOnePerPriority() {
    for (int i = 0; i < CheckMetrics.MAX_SERIES + 500; i++) {
      decide(bucket("rule-" + i).reserve(0, 5_000).limit(), 0);
    }
    assertThat(allowed("other")).isEqualTo(500);
    assertThat(registry.get("ratelimiter.priority.checks").counters())
        .hasSize(2 * (CheckMetrics.MAX_SERIES + 1));
  }

  @Test
  void onlyGrantedWaitsAreTimed() {
    decide(bucket("bucket").maxWait(30_000).limit(), 0);
    assertThat(registry.get("ratelimiter.wait").timer().count()).isZero();
    decide(bucket("bucket").maxWait(30_000).limit(), 1_500_000);
    assertThat(registry.get("ratelimiter.wait").timer().totalTime(TimeUnit.MILLISECONDS))
        .isEqualTo(1_500);
  }

  private static RuleBuilder bucket(String name) {
    return RuleBuilder.rule(1, "*", "*").named(name).policy(new Policy.TokenBucket(10, 60, 10));
  }

  private void decide(Rule rule, long waitMicros) {
    LimitOutcome outcome =
        new LimitOutcome.Evaluated(rule, true, true, false, 0, 0, waitMicros, 0, 0);
    Decision decision = new Decision.Allowed(Source.REDIS, null, 0, List.of(outcome));
    metrics.decided(LOW, decision, decision.top());
  }

  private double allowed(String rule) {
    return registry
        .get("ratelimiter.priority.checks")
        .tags("rule", rule, "priority", "low", "outcome", "allowed")
        .counter()
        .count();
  }
}
