package io.ratelimiter.service.page;

import io.ratelimiter.service.rules.store.InstanceBoard;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The state of one instance and of its dependencies. */
record Status(
    String service,
    String instance,
    Instant now,
    Store redis,
    Stream kafka,
    Database postgres,
    RuleSet rules,
    Spool spool,
    List<InstanceBoard.Seen> instances) {

  /**
   * The store and its circuit breaker.
   *
   * @param failMode of rules without a fail mode of their own
   * @param eviction whether Redis may drop counters: none, evicting or unknown
   * @param maxmemoryPolicy null while unknown
   */
  record Store(
      boolean available,
      String breaker,
      int failureCount,
      long timeUntilRetrySeconds,
      String failMode,
      int sharedBy,
      String eviction,
      @Nullable String maxmemoryPolicy,
      long evictedKeys) {}

  /**
   * The decision stream.
   *
   * @param fault {@code not_configured}, {@code away} or {@code wrong_partitions}; null without one
   */
  record Stream(
      boolean available,
      @Nullable String fault,
      long issued,
      long acked,
      long inFlight,
      Map<String, Long> dropped) {}

  /** The database of rules and audit. */
  record Database(boolean configured, boolean available) {}

  /** The rule set in force in this instance. */
  record RuleSet(
      long revision,
      String source,
      int count,
      long ageSeconds,
      @Nullable Long refusedRevision,
      @Nullable String refusedBecause,
      @Nullable String unavailableBecause) {}

  /** Decisions on disk that wait for Kafka. */
  record Spool(boolean usable, long spooled, long bytes, long maxBytes, long oldestAgeSeconds) {}
}
