package io.ratelimiter.service.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.ratelimiter.service.limiter.Check;
import io.ratelimiter.service.limiter.Decision;
import io.ratelimiter.service.limiter.LimitOutcome;
import io.ratelimiter.service.limiter.Source;
import io.ratelimiter.service.rules.Algorithm;
import io.ratelimiter.service.rules.Policy;
import io.ratelimiter.service.rules.Rule;
import io.ratelimiter.service.rules.RuleTerms;
import java.util.Collection;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class CheckMetricsTests {

  /** The series without a rule exists from the start. */
  private static final int NAMED_RULES = CheckMetrics.MAX_SERIES - 1;

  private static final Check CHECK = new Check("default", "client", "global", 1);

  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final CheckMetrics metrics = new CheckMetrics(registry);

  @Test
  void rulesBeyondTheMaxNumberOfSeriesShareOnePerAlgorithmAndSource() {
    for (int rule = 1; rule <= NAMED_RULES + 500; rule++) {
      decide("rule-" + rule, Algorithm.FIXED_WINDOW);
    }
    assertThat(allowed()).hasSize(CheckMetrics.MAX_SERIES + 1);
    assertThat(count("other")).isEqualTo(500);

    decide("rule-1", Algorithm.FIXED_WINDOW);
    decide("rule-1200", Algorithm.FIXED_WINDOW);
    decide("rule-1200", Algorithm.TOKEN_BUCKET);
    assertThat(allowed()).hasSize(CheckMetrics.MAX_SERIES + 2);
    assertThat(count("rule-1")).isEqualTo(2);
    assertThat(count("other")).isEqualTo(502);
  }

  private void decide(String ruleName, Algorithm algorithm) {
    Rule rule =
        new Rule(
            1,
            1,
            RuleTerms.enforcing("default", ruleName, Rule.WILDCARD, "global"),
            Policy.of(algorithm, 10, 60, OptionalLong.empty()));
    metrics.decided(
        CHECK,
        new Decision.Allowed(Source.REDIS, null, 0, List.of(new LimitOutcome.NotEvaluated(rule))),
        1_000);
  }

  private Collection<Counter> allowed() {
    return registry.get("ratelimiter.allowed").counters();
  }

  private double count(String rule) {
    return registry.get("ratelimiter.allowed").tag("rule", rule).counters().stream()
        .mapToDouble(Counter::count)
        .sum();
  }
}
