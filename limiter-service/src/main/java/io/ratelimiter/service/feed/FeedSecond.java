package io.ratelimiter.service.feed;

import java.util.List;

/**
 * The decisions of all instances that arrived within one second.
 *
 * @param startMillis start of that second, milliseconds since 1970
 * @param unread decisions beyond {@link DecisionFeed#MAX_PER_SECOND}; in no other figure
 * @param errors decisions that failed closed
 * @param degraded decisions made without the store
 * @param latency of all decisions
 * @param rules those with the most decisions, in descending order; max {@link #MAX_RULES}
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

  /** Max rules of one second. */
  public static final int MAX_RULES = 30;

  public FeedSecond {
    rules = List.copyOf(rules);
  }

  /** Quantiles of the second's latencies, microseconds; 0 without a decision. */
  public record Latency(long p50Micros, long p95Micros, long p99Micros) {}

  /**
   * The decisions of one rule.
   *
   * @param tenant of the rule; {@code (none)} without a rule
   */
  public record RuleCount(String tenant, String rule, long allowed, long blocked) {}
}
