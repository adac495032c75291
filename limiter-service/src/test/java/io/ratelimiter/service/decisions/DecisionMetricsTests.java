package io.ratelimiter.service.decisions;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DecisionMetricsTests {

  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private long nowNanos;
  private int states;
  private final DecisionMetrics metrics = new DecisionMetrics(this::state, () -> nowNanos);

  private DecisionsStatus.State state() {
    states++;
    return new DecisionsStatus.State(
        null,
        states,
        0,
        0,
        Map.of(),
        0,
        0,
        new DecisionsStatus.Spool(0, 0, 0, Duration.ZERO, null),
        new DecisionsStatus.Producer(0, 0, 0));
  }

  @Test
  void allMetersOfAScrapeShareOneState() {
    metrics.bindTo(registry);
    scrape();
    assertThat(states).isEqualTo(1);

    nowNanos = Duration.ofSeconds(1).toNanos();
    scrape();
    assertThat(states).isEqualTo(2);
    assertThat(registry.get("ratelimiter.decisions.issued").functionCounter().count()).isEqualTo(2);
  }

  private void scrape() {
    assertThat(registry.getMeters()).hasSizeGreaterThan(10);
    registry.getMeters().stream()
        .map(Meter::measure)
        .forEach(m -> m.forEach(one -> one.getValue()));
  }
}
