package io.ratelimiter.service.limiter.redis;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.ratelimiter.service.limiter.StoreUnavailableException;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Counts what goes wrong with the store. */
final class RedisMetrics {

  private static final Logger log = LoggerFactory.getLogger(RedisMetrics.class);
  private static final String ERRORS = "ratelimiter.redis.errors";
  private static final String FOREIGN_KEYS = "ratelimiter.redis.foreign.keys";

  private final Map<String, Counter> errors;
  private final Counter foreignKeys;

  RedisMetrics(MeterRegistry registry) {
    errors =
        List.of("check", "refund", "reset").stream()
            .collect(
                Collectors.toUnmodifiableMap(
                    operation -> operation,
                    operation ->
                        Counter.builder(ERRORS)
                            .description("Calls that the store did not answer")
                            .tag("operation", operation)
                            .register(registry)));
    foreignKeys =
        Counter.builder(FOREIGN_KEYS)
            .description(
                "Times that a value not of ours stood under a limit's key and was replaced")
            .register(registry);
  }

  void failed(Script script, Throwable failure) {
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
