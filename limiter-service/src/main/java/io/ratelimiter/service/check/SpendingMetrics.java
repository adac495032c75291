package io.ratelimiter.service.check;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.ratelimiter.service.limiter.Check;
import io.ratelimiter.service.limiter.Decision;
import io.ratelimiter.service.limiter.LimitOutcome;
import io.ratelimiter.service.rules.Priority;
import io.ratelimiter.service.rules.Rule;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * Counts checks by priority where a rule reserves a part of its capacity, and times granted waits.
 */
final class SpendingMetrics {

  private static final String CHECKS = "ratelimiter.priority.checks";
  private static final String WAIT = "ratelimiter.wait";

  private static final String OTHER = "other";

  private static final Duration[] BUCKETS =
      LongStream.of(10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000, 20_000, 30_000)
          .mapToObj(Duration::ofMillis)
          .toArray(Duration[]::new);

  private record Labels(String tenant, String rule, Priority priority) {}

  private record Counters(Counter allowed, Counter blocked) {}

  private final MeterRegistry registry;
  private final Map<Labels, Counters> counters = new ConcurrentHashMap<>();
  private final Timer waits;

  SpendingMetrics(MeterRegistry registry) {
    this.registry = registry;
    this.waits =
        Timer.builder(WAIT)
            .description("Granted waits: from the decision until the caller may start")
            .serviceLevelObjectives(BUCKETS)
            .register(registry);
  }

  /**
   * Counts a decision; has no effect for a plain check under rules without a reserve.
   *
   * @param top of the decision
   */
  void decided(Check check, Decision decision, @Nullable LimitOutcome top) {
    long wait = check.options().maxWaitMillis() == 0 ? 0 : decision.waitMicros();
    if (wait > 0) {
      waits.record(wait, TimeUnit.MICROSECONDS);
    }
    if (top != null && top.rule().spending().reserves()) {
      count(countersOf(top.rule(), check.priority()), decision);
    }
  }

  private static void count(Counters series, Decision decision) {
    switch (decision) {
      case Decision.Allowed _ -> series.allowed().increment();
      case Decision.Blocked _ -> series.blocked().increment();
      case Decision.FailedClosed _ -> {}
    }
  }

  private Counters countersOf(Rule rule, Priority priority) {
    Labels labels = new Labels(rule.tenant(), rule.name(), priority);
    Counters known = counters.get(labels);
    if (known != null) {
      return known;
    }
    Labels named =
        counters.size() < CheckMetrics.MAX_SERIES ? labels : new Labels(OTHER, OTHER, priority);
    // Both at once: a series that first appears with its first block has no rate for that block.
    return counters.computeIfAbsent(
        named, name -> new Counters(counter(name, "allowed"), counter(name, "blocked")));
  }

  private Counter counter(Labels labels, String outcome) {
    return Counter.builder(CHECKS)
        .description("Checks whose top limit is of a rule with a reserve")
        .tag("tenant", labels.tenant())
        .tag("rule", labels.rule())
        .tag("priority", labels.priority().wireName())
        .tag("outcome", outcome)
        .register(registry);
  }
}
