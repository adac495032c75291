package io.ratelimiter.service.limiter.redis;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.ratelimiter.service.limiter.Eviction;
import io.ratelimiter.service.limiter.EvictionStatus;
import io.ratelimiter.service.limiter.StoreUnavailableException;
import io.ratelimiter.service.limiter.redis.connection.ConnectionMetrics;
import io.ratelimiter.service.limiter.redis.reply.FailureKind;
import io.ratelimiter.service.limiter.redis.reply.StoreFailures;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Metrics and log lines of the calls of the store. */
final class RedisMetrics implements ConnectionMetrics {

  private static final Logger log = LoggerFactory.getLogger(RedisMetrics.class);
  private static final String DURATION = "ratelimiter.redis.call.duration";
  private static final String ERRORS = "ratelimiter.redis.errors";
  private static final String FOREIGN_KEYS = "ratelimiter.redis.foreign.keys";
  private static final String AVAILABLE = "ratelimiter.redis.available";
  private static final String EVICTING = "ratelimiter.redis.evicting";
  private static final String EVICTED_KEYS = "ratelimiter.redis.evicted.keys";
  private static final String LOOP_LAG = "ratelimiter.event.loop.lag";
  private static final List<String> OPERATIONS = List.of("check", "refund", "reset", "settle");

  /** Operation of replies that were refused before they were matched with a command. */
  private static final String CONNECTION = "connection";

  /** From a network round trip to the max timeout. */
  private static final Duration[] BUCKETS =
      LongStream.of(
              100, 200, 350, 500, 750, 1_000, 1_500, 2_500, 5_000, 10_000, 25_000, 50_000, 100_000,
              250_000, 1_000_000)
          .mapToObj(micros -> Duration.ofNanos(micros * 1_000))
          .toArray(Duration[]::new);

  private final MeterRegistry registry;
  private final Map<String, Timer> durations;
  private final Map<String, Map<FailureKind, Counter>> errors;
  private final Counter foreignKeys;
  private final Timer loopLag;
  private final OncePerKind<FailureKind> logged =
      new OncePerKind<>(FailureKind.class, System::nanoTime);

  RedisMetrics(MeterRegistry registry) {
    this.registry = registry;
    durations = OPERATIONS.stream().collect(Collectors.toUnmodifiableMap(o -> o, this::duration));
    errors =
        Stream.concat(OPERATIONS.stream(), Stream.of(CONNECTION))
            .collect(Collectors.toUnmodifiableMap(o -> o, this::errors));
    loopLag =
        Timer.builder(LOOP_LAG)
            .description("Lateness of the event loops while store calls are pending")
            .register(registry);
    foreignKeys =
        Counter.builder(FOREIGN_KEYS)
            .description(
                "Values under a limit's key that no script had written and that were replaced")
            .register(registry);
  }

  private Timer duration(String operation) {
    return Timer.builder(DURATION)
        .description("Duration of store calls, from sending to reply or timeout")
        .tag("operation", operation)
        .serviceLevelObjectives(BUCKETS)
        .register(registry);
  }

  private Map<FailureKind, Counter> errors(String operation) {
    Map<FailureKind, Counter> byKind = new EnumMap<>(FailureKind.class);
    for (FailureKind kind : FailureKind.values()) {
      byKind.put(
          kind,
          Counter.builder(ERRORS)
              .description("Calls that the store did not answer, by kind of failure")
              .tag("operation", operation)
              .tag("kind", kind.label())
              .register(registry));
    }
    return byKind;
  }

  /** Registers the gauge of the connection. */
  void available(BooleanSupplier connected) {
    Gauge.builder(AVAILABLE, connected, c -> c.getAsBoolean() ? 1 : 0)
        .description("1 while there is a connection to the store")
        .strongReference(true)
        .register(registry);
  }

  /** Registers the gauges of eviction. */
  void eviction(EvictionStatus eviction) {
    Gauge.builder(EVICTING, eviction, e -> evicting(e.eviction().state()))
        .description("1 while Redis may evict keys to make room, 0 while not, NaN while unknown")
        .strongReference(true)
        .register(registry);
    Gauge.builder(EVICTED_KEYS, eviction, e -> e.eviction().evictedKeys())
        .description("Keys that Redis has evicted since it started, as of the last query")
        .strongReference(true)
        .register(registry);
  }

  private static double evicting(Eviction.State state) {
    return switch (state) {
      case EVICTING -> 1;
      case NONE -> 0;
      case UNKNOWN -> Double.NaN;
    };
  }

  /** A call that was sent has ended after this time, with or without a reply. */
  void ended(Script script, long nanos) {
    Timer timer = durations.get(script.operation());
    if (timer != null) {
      timer.record(nanos, TimeUnit.NANOSECONDS);
    }
  }

  /** A call failed. */
  void failed(Script script, StoreUnavailableException failure) {
    failed(script.operation(), StoreFailures.kind(failure), String.valueOf(failure.getMessage()));
  }

  @Override
  public void refusedReply(String reason) {
    failed(CONNECTION, FailureKind.MALFORMED, reason);
  }

  private void failed(String operation, FailureKind kind, String reason) {
    Map<FailureKind, Counter> counters = errors.get(operation);
    if (counters != null) {
      Objects.requireNonNull(counters.get(kind)).increment();
    }
    if (logged.isDue(kind)) {
      log.warn(
          "No answer from Redis to {}, kind {}: {} (further ones within a minute are only counted)",
          operation,
          kind.label(),
          reason);
    }
  }

  @Override
  public void loopLag(long nanos) {
    loopLag.record(nanos, TimeUnit.NANOSECONDS);
  }

  /** A script replaced a foreign value under a limit's key. */
  void foreignKey() {
    foreignKeys.increment();
  }
}
