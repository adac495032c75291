package io.ratelimiter.service.api;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

/** Counts and times the requests of all ports. Thread-safe, never blocks. */
public final class RequestMetrics {

  private static final String REQUESTS = "ratelimiter.http.requests";
  private static final String DURATION = "ratelimiter.http.request.duration";

  /** Name of all paths without an endpoint of {@link EndpointList}. */
  static final String OTHER = "other";

  private static final long[] BUCKETS_MICROS = {
    200, 500, 1_000, 2_000, 3_500, 5_000, 7_500,
    10_000, 25_000, 50_000, 100_000, 250_000, 1_000_000, 10_000_000
  };

  private static final Duration[] BUCKETS =
      LongStream.of(BUCKETS_MICROS)
          .mapToObj(micros -> Duration.ofNanos(micros * 1_000))
          .toArray(Duration[]::new);

  private record Answered(String endpoint, int status) {}

  private final MeterRegistry registry;
  private final Map<String, Timer> durations;
  private final Map<Answered, Counter> requests = new ConcurrentHashMap<>();

  public RequestMetrics(MeterRegistry registry, EndpointList endpoints) {
    this.registry = registry;
    this.durations =
        endpoints.entries().stream()
            .map(EndpointList.Entry::name)
            .collect(Collectors.toUnmodifiableMap(Function.identity(), this::timer));
    // A rate needs a counter that exists before its first increment.
    List.of(200, 400, 429, 503).forEach(status -> counter(new Answered("check", status)));
  }

  private Timer timer(String endpoint) {
    return Timer.builder(DURATION)
        .description("From the head of a request to the last byte of its answer")
        .tag("endpoint", endpoint)
        .serviceLevelObjectives(BUCKETS)
        .register(registry);
  }

  private Counter counter(Answered answered) {
    Counter known = requests.get(answered);
    return known == null ? requests.computeIfAbsent(answered, this::newCounter) : known;
  }

  private Counter newCounter(Answered answered) {
    return Counter.builder(REQUESTS)
        .description("Requests answered")
        .tag("endpoint", answered.endpoint())
        .tag("status", Integer.toString(answered.status()))
        .register(registry);
  }

  /**
   * Counts a request that was answered, and times it unless its path is {@link #OTHER}.
   *
   * @param endpoint its name
   * @param nanos from the head to the last byte of the answer
   */
  public void answered(String endpoint, int status, long nanos) {
    counter(new Answered(endpoint, status)).increment();
    Timer timer = durations.get(endpoint);
    if (timer != null) {
      timer.record(nanos, TimeUnit.NANOSECONDS);
    }
  }
}
