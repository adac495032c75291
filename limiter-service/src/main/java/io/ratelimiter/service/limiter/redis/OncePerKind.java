package io.ratelimiter.service.limiter.redis;

import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.LongSupplier;

/** Permits one log line of each kind per minute. Thread-safe. */
final class OncePerKind<K extends Enum<K>> {

  private static final long AGAIN_AFTER_NANOS = Duration.ofMinutes(1).toNanos();

  private final Map<K, Long> loggedNanos;
  private final LongSupplier clock;

  OncePerKind(Class<K> kinds, LongSupplier clock) {
    this.loggedNanos = new EnumMap<>(kinds);
    this.clock = clock;
  }

  /** Whether a line of this kind may be logged now; if true, it is false for the next minute. */
  synchronized boolean isDue(K kind) {
    long nowNanos = clock.getAsLong();
    Long last = loggedNanos.get(kind);
    if (last != null && nowNanos - last < AGAIN_AFTER_NANOS) {
      return false;
    }
    loggedNanos.put(kind, nowNanos);
    return true;
  }
}
