package io.ratelimiter.service.check;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
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
 * Counts decisions. Labels are the rule's, never the caller's, and at most {@value #MAX_SERIES}
 * combinations have names of their own; the rest is {@code other}.
 */
public final class CheckMetrics {

  /** Most label combinations with names of their own. */
  static final int MAX_SERIES = 1_000;

  private static final String ALLOWED = "ratelimiter.allowed";
  private static final String BLOCKED = "ratelimiter.blocked";
  private static final String FAILED_CLOSED = "ratelimiter.failed.closed";
  private static final String DURATION = "ratelimiter.check.duration";
  private static final String ACTIVE_CLIENTS = "ratelimiter.active.clients";

  private static final String NONE = "(none)";
  private static final String OTHER = "other";

  /** Micro- to milliseconds, as long as a check takes; above, a timeout and a pause. */
  private static final Duration[] BUCKETS =
      Arrays.stream(
              new long[] {
                200, 350, 500, 750, 1_000, 1_500, 2_000, 2_500, 3_500, 5_000, 7_500, 10_000, 15_000,
                25_000, 50_000, 100_000, 250_000, 1_000_000
              })
          .mapToObj(micros -> Duration.ofNanos(micros * 1_000))
          .toArray(Duration[]::new);

  private record Labels(String tenant, String rule, String algorithm, Source source) {}

  private record Verdicts(Counter allowed, Counter blocked) {}

  private final MeterRegistry registry;
  private final Map<Labels, Verdicts> verdicts = new ConcurrentHashMap<>();
  private final Counter failedClosed;
  private final Timer duration;
  private final ActiveClients activeClients = new ActiveClients(System::nanoTime);

  public CheckMetrics(MeterRegistry registry) {
    this.registry = registry;
    this.failedClosed =
        Counter.builder(FAILED_CLOSED)
            .description("Checks answered 503 because the store was away and a rule fails closed")
            .register(registry);
    this.duration =
        Timer.builder(DURATION)
            .description("From the request read to the decision made")
            .serviceLevelObjectives(BUCKETS)
            .register(registry);
    Gauge.builder(ACTIVE_CLIENTS, activeClients, ActiveClients::estimate)
        .description("Distinct clients of the last 60 to 70 seconds, standard error 1.6 %")
        .register(registry);
    verdictsOf(labels(null, Source.NONE));
  }

  /** Counts a decision that took so long. */
  void decided(Check check, Decision decision, long nanos) {
    duration.record(nanos, TimeUnit.NANOSECONDS);
    activeClients.seen(check.tenant(), check.clientId());
    switch (decision) {
      case Decision.Allowed allowed -> verdictsOf(allowed).allowed().increment();
      case Decision.Blocked blocked -> verdictsOf(blocked).blocked().increment();
      case Decision.FailedClosed _ -> failedClosed.increment();
    }
  }

  private Verdicts verdictsOf(Decision decision) {
    return verdictsOf(labels(decision.top(), decision.source()));
  }

  private static Labels labels(@Nullable LimitOutcome top, Source source) {
    if (top == null) {
      return new Labels(NONE, NONE, NONE, source);
    }
    Rule rule = top.rule();
    return new Labels(rule.tenant(), rule.name(), rule.policy().algorithm().wireName(), source);
  }

  private Verdicts verdictsOf(Labels labels) {
    Verdicts known = verdicts.get(labels);
    if (known != null) {
      return known;
    }
    Labels named =
        verdicts.size() < MAX_SERIES
            ? labels
            : new Labels(OTHER, OTHER, labels.algorithm(), labels.source());
    // Both at once: a series that first appears with its first block has no rate for that block.
    return verdicts.computeIfAbsent(
        named, name -> new Verdicts(counter(ALLOWED, name), counter(BLOCKED, name)));
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
