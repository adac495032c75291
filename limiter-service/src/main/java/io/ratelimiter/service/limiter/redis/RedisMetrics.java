package io.ratelimiter.service.limiter.redis;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.ratelimiter.service.limiter.StoreUnavailableException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Counts and times what is asked of the store. */
final class RedisMetrics implements ScriptCalls {

  private static final Logger log = LoggerFactory.getLogger(RedisMetrics.class);
  private static final String DURATION = "ratelimiter.redis.call.duration";
  private static final String ERRORS = "ratelimiter.redis.errors";
  private static final String FOREIGN_KEYS = "ratelimiter.redis.foreign.keys";
  private static final String AVAILABLE = "ratelimiter.redis.available";
  private static final List<String> OPERATIONS = List.of("check", "refund", "reset");

  /** A network's round trip to the timeout. */
  private static final Duration[] BUCKETS =
      LongStream.of(
              100, 200, 350, 500, 750, 1_000, 1_500, 2_500, 5_000, 10_000, 25_000, 50_000, 100_000,
              250_000, 1_000_000)
          .mapToObj(micros -> Duration.ofNanos(micros * 1_000))
          .toArray(Duration[]::new);

  private final MeterRegistry registry;
  private final Map<String, Timer> durations;
  private final Map<String, Counter> errors;
  private final Counter foreignKeys;

  RedisMetrics(MeterRegistry registry) {
    this.registry = registry;
    durations = forEach(this::duration);
    errors = forEach(this::errors);
    foreignKeys =
        Counter.builder(FOREIGN_KEYS)
            .description(
                "Times that a value not of ours stood under a limit's key and was replaced")
            .register(registry);
  }

  private static <T> Map<String, T> forEach(Function<String, T> meter) {
    return OPERATIONS.stream().collect(Collectors.toUnmodifiableMap(Function.identity(), meter));
  }

  private Timer duration(String operation) {
    return Timer.builder(DURATION)
        .description("Calls of the store, from sent to answered or given up")
        .tag("operation", operation)
        .serviceLevelObjectives(BUCKETS)
        .register(registry);
  }

  private Counter errors(String operation) {
    return Counter.builder(ERRORS)
        .description("Calls that the store did not answer")
        .tag("operation", operation)
        .register(registry);
  }

  /** Shows whether there is a connection. */
  void available(BooleanSupplier connected) {
    Gauge.builder(AVAILABLE, connected, c -> c.getAsBoolean() ? 1 : 0)
        .description("1 while there is a connection to the store")
        .strongReference(true)
        .register(registry);
  }

  @Override
  public void ended(Script script, long nanos) {
    Timer timer = durations.get(script.operation());
    if (timer != null) {
      timer.record(nanos, TimeUnit.NANOSECONDS);
    }
  }

  @Override
  public void failed(Script script, Throwable failure) {
    Counter counter = errors.get(script.operation());
    if (counter != null) {
      counter.increment();
    }
    if (!(failure instanceof StoreUnavailableException)) {
      log.error("Script {} failed", script.operation(), failure);
    }
  }

  void foreignKey() {
    foreignKeys.increment();
  }
}
