package io.ratelimiter.service.decisions;

import java.util.List;

/**
 * The decisions that came within one second, of all instances.
 *
 * @param startMillis of the second in which they came, milliseconds since 1970
 * @param unread records that came too fast to be looked into; in no other figure
 * @param errors decisions that failed closed
 * @param degraded how many of all were made without the store
 * @param latency of all of them
 * @param rules those with most decisions, most first; at most {@link #MAX_RULES}
 */
public record FeedSecond(
    long startMillis,
    long unread,
    long allowed,
    long blocked,
    long errors,
    long degraded,
    Latency latency,
    List<RuleCount> rules) {

  /** More would not be read by anybody. */
  public static final int MAX_RULES = 30;

  public FeedSecond {
    rules = List.copyOf(rules);
  }

  /** Quantiles of the second's latencies, microseconds; 0 without a decision. */
  public record Latency(long p50Micros, long p95Micros, long p99Micros) {}

  /**
   * The decisions of one rule.
   *
   * @param tenant the rule's; {@code (none)} without a rule
   */
  public record RuleCount(String tenant, String rule, long allowed, long blocked) {}
}
