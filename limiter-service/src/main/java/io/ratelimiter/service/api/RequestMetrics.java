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

/** Counts and times the requests of every edge. Thread-safe, never blocks. */
public final class RequestMetrics {

  private static final String REQUESTS = "ratelimiter.http.requests";
  private static final String DURATION = "ratelimiter.http.request.duration";

  /** The endpoints that are told apart; whatever else is asked is {@value #OTHER}. */
  private static final List<String> ENDPOINTS =
      List.of("check", "batch", "authz", "usage", "refund", "reset");

  /** Whatever is not told apart. */
  public static final String OTHER = "other";

  private static final Duration[] BUCKETS =
      LongStream.of(
              200,
              500,
              1_000,
              2_000,
              3_500,
              5_000,
              7_500,
              10_000,
              25_000,
              50_000,
              100_000,
              250_000,
              1_000_000,
              10_000_000)
          .mapToObj(micros -> Duration.ofNanos(micros * 1_000))
          .toArray(Duration[]::new);

  private record Answered(String endpoint, int status) {}

  private final MeterRegistry registry;
  private final Map<String, Timer> durations;
  private final Map<Answered, Counter> requests = new ConcurrentHashMap<>();

  public RequestMetrics(MeterRegistry registry) {
    this.registry = registry;
    this.durations =
        ENDPOINTS.stream().collect(Collectors.toUnmodifiableMap(Function.identity(), this::timer));
    // A rate of errors needs a first value to rise from.
    List.of(200, 400, 503).forEach(status -> counter(new Answered("check", status)));
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
   * A request was answered.
   *
   * @param name of its endpoint; one that is not known counts as {@value #OTHER}
   * @param nanos from the head to the last byte of the answer
   */
  public void answered(String name, int status, long nanos) {
    String endpoint = ENDPOINTS.contains(name) ? name : OTHER;
    counter(new Answered(endpoint, status)).increment();
    Timer timer = durations.get(endpoint);
    if (timer != null) {
      timer.record(nanos, TimeUnit.NANOSECONDS);
    }
  }
}
