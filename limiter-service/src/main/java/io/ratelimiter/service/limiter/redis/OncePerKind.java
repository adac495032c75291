package io.ratelimiter.service.limiter.redis;

import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.LongSupplier;

/** Lets one line of each kind into the log, and another only a minute later. Thread-safe. */
final class OncePerKind<K extends Enum<K>> {

  private static final long AGAIN_AFTER_NANOS = Duration.ofMinutes(1).toNanos();

  private final Map<K, Long> loggedNanos;
  private final LongSupplier clock;

  OncePerKind(Class<K> kinds, LongSupplier clock) {
    this.loggedNanos = new EnumMap<>(kinds);
    this.clock = clock;
  }

  /** Whether a line of this kind is to be logged now; from then on it is not for a minute. */
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
