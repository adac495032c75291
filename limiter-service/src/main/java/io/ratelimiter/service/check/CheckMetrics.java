package io.ratelimiter.service.check;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.ratelimiter.schemas.DecisionEvent;
import io.ratelimiter.service.limiter.Check;
import io.ratelimiter.service.limiter.Decision;
import io.ratelimiter.service.limiter.LimitOutcome;
import io.ratelimiter.service.limiter.Source;
import io.ratelimiter.service.rules.Rule;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Counts decisions. Labels are those of the rule, never of the caller; at most {@value #MAX_SERIES}
 * combinations have their own names, all others are {@code other}.
 */
public final class CheckMetrics {

  /** Max label combinations with their own names. */
  static final int MAX_SERIES = 1_000;

  private static final String ALLOWED = "ratelimiter.allowed";
  private static final String BLOCKED = "ratelimiter.blocked";
  private static final String FAILED_CLOSED = "ratelimiter.failed.closed";
  private static final String DURATION = "ratelimiter.check.duration";
  private static final String ACTIVE_CLIENTS = "ratelimiter.active.clients";

  private static final String OTHER = "other";

  /** Fine up to 25 ms, the range of a check; above, coarse for timeouts and pauses. */
  private static final Duration[] BUCKETS =
      Arrays.stream(
              new long[] {
                200, 350, 500, 750, 1_000, 1_500, 2_000, 2_500, 3_500, 5_000, 7_500, 10_000, 15_000,
                25_000, 50_000, 100_000, 250_000, 1_000_000
              })
          .mapToObj(micros -> Duration.ofNanos(micros * 1_000))
          .toArray(Duration[]::new);

  private record Labels(String tenant, String rule, String algorithm, Source source) {}

  private record Counters(Counter allowed, Counter blocked) {}

  private final MeterRegistry registry;
  private final Map<Labels, Counters> counters = new ConcurrentHashMap<>();
  private final Counter failedClosed;
  private final Timer duration;
  private final SpendingMetrics spending;
  private final ActiveClients activeClients = new ActiveClients(System::nanoTime);

  public CheckMetrics(MeterRegistry registry) {
    this.registry = registry;
    this.failedClosed =
        Counter.builder(FAILED_CLOSED)
            .description(
                "Checks answered 503 because the store was unavailable and a rule fails closed")
            .register(registry);
    this.duration =
        Timer.builder(DURATION)
            .description("From the request read to the decision made")
            .serviceLevelObjectives(BUCKETS)
            .register(registry);
    Gauge.builder(ACTIVE_CLIENTS, activeClients, ActiveClients::estimate)
        .description("Distinct clients of the last 60 to 70 seconds, standard error 1.6 %")
        .register(registry);
    this.spending = new SpendingMetrics(registry);
    countersOf(labels(null, Source.NONE));
  }

  /** Counts a decision and its latency. */
  void decided(Check check, Decision decision, long nanos) {
    duration.record(nanos, TimeUnit.NANOSECONDS);
    activeClients.seen(check.tenant(), check.clientId());
    LimitOutcome top = decision.top();
    spending.decided(check, decision, top);
    switch (decision) {
      case Decision.Allowed allowed ->
          countersOf(labels(top, allowed.source())).allowed().increment();
      case Decision.Blocked blocked ->
          countersOf(labels(top, blocked.source())).blocked().increment();
      case Decision.FailedClosed _ -> failedClosed.increment();
    }
  }

  private static Labels labels(@Nullable LimitOutcome top, Source source) {
    if (top == null) {
      return new Labels(DecisionEvent.NONE, DecisionEvent.NONE, DecisionEvent.NONE, source);
    }
    Rule rule = top.rule();
    return new Labels(rule.tenant(), rule.name(), rule.policy().algorithm().wireName(), source);
  }

  private Counters countersOf(Labels labels) {
    Counters known = counters.get(labels);
    if (known != null) {
      return known;
    }
    Labels named =
        counters.size() < MAX_SERIES
            ? labels
            : new Labels(OTHER, OTHER, labels.algorithm(), labels.source());
    // Both at once: a series that first appears with its first block has no rate for that block.
    return counters.computeIfAbsent(
        named, name -> new Counters(counter(ALLOWED, name), counter(BLOCKED, name)));
  }

  private Counter counter(String name, Labels labels) {
    return Counter.builder(name)
        .description("Checks " + name.substring(name.lastIndexOf('.') + 1))
        .tag("tenant", labels.tenant())
        .tag("rule", labels.rule())
        .tag("algorithm", labels.algorithm())
        .tag("source", labels.source().wireName())
        .register(registry);
  }
}
