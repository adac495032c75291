package io.ratelimiter.service.api.servlet;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import jakarta.servlet.ServletException;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.apache.catalina.AccessLog;
import org.apache.catalina.Wrapper;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ValveBase;
import org.jspecify.annotations.Nullable;

/**
 * Counts and times every request where Tomcat would write its access log: once each, when the last
 * byte of the answer is written, those that Tomcat itself refuses included.
 */
final class RequestMeter extends ValveBase implements AccessLog {

  private static final String REQUESTS = "ratelimiter.http.requests";
  private static final String DURATION = "ratelimiter.http.request.duration";

  /** The endpoints with servlets of their own; whatever else is asked is {@value #OTHER}. */
  private static final List<String> ENDPOINTS =
      List.of("check", "batch", "authz", "usage", "refund", "reset");

  private static final String OTHER = "other";

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

  RequestMeter(MeterRegistry registry) {
    super(true);
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

  @Override
  public void invoke(Request request, Response response) throws IOException, ServletException {
    getNext().invoke(request, response);
  }

  @Override
  public void log(Request request, Response response, long nanos) {
    String endpoint = endpoint(request.getWrapper());
    counter(new Answered(endpoint, response.getStatus())).increment();
    Timer timer = durations.get(endpoint);
    if (timer != null) {
      timer.record(nanos, TimeUnit.NANOSECONDS);
    }
  }

  /** By the servlet that served it: there are few of them, whatever paths callers make up. */
  private static String endpoint(@Nullable Wrapper servlet) {
    return servlet != null && ENDPOINTS.contains(servlet.getName()) ? servlet.getName() : OTHER;
  }

  @Override
  public void setRequestAttributesEnabled(boolean enabled) {
    // No attribute is looked at.
  }

  @Override
  public boolean getRequestAttributesEnabled() {
    return false;
  }
}
