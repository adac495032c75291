package io.ratelimiter.service.feed;

import io.ratelimiter.schemas.DecisionEvent;
import io.ratelimiter.service.feed.FeedSecond.Latency;
import io.ratelimiter.service.feed.FeedSecond.RuleCount;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Counts the decisions of one second after another. Not thread-safe. */
final class SecondCount {

  private record Name(String tenant, String rule) {}

  private final Map<Name, long[]> rules = new HashMap<>();
  private final long[] latencies = new long[DecisionFeed.MAX_PER_SECOND];
  private int decisions;
  private long unread;
  private long allowed;
  private long blocked;
  private long errors;
  private long degraded;

  /** Whether the max number of parsed decisions is reached. */
  boolean full() {
    return decisions == latencies.length;
  }

  /** Counts a decision that is not parsed. */
  void skip() {
    unread++;
  }

  void add(DecisionEvent event) {
    latencies[decisions++] = event.latencyMicros();
    if (event.degraded()) {
      degraded++;
    }
    if (!event.allowed() && DecisionEvent.STORE_UNAVAILABLE.equals(event.reason())) {
      errors++;
      return;
    }
    long[] counts = rules.computeIfAbsent(name(event), _ -> new long[2]);
    if (event.allowed()) {
      allowed++;
      counts[0]++;
    } else {
      blocked++;
      counts[1]++;
    }
  }

  /** The rule that the answer shows, with its own tenant. */
  private static Name name(DecisionEvent event) {
    DecisionEvent.Top top = event.top();
    if (top == null) {
      return new Name(DecisionEvent.NONE, DecisionEvent.NONE);
    }
    for (DecisionEvent.Limit limit : event.limits()) {
      if (limit.ruleId() == top.ruleId()) {
        return new Name(limit.ruleTenant(), limit.rule());
      }
    }
    return new Name(event.tenant(), top.rule());
  }

  /** Returns the counts and resets them. */
  FeedSecond end(long startMillis) {
    FeedSecond second =
        new FeedSecond(
            startMillis, unread, allowed, blocked, errors, degraded, latency(), mostUsed());
    rules.clear();
    decisions = 0;
    unread = 0;
    allowed = 0;
    blocked = 0;
    errors = 0;
    degraded = 0;
    return second;
  }

  private Latency latency() {
    Arrays.sort(latencies, 0, decisions);
    return new Latency(quantile(50), quantile(95), quantile(99));
  }

  private long quantile(int percent) {
    return decisions == 0 ? 0 : latencies[Math.ceilDiv(decisions * percent, 100) - 1];
  }

  private List<RuleCount> mostUsed() {
    return rules.entrySet().stream()
        .map(entry ->
            new RuleCount(
                entry.getKey().tenant(),
                entry.getKey().rule(),
                entry.getValue()[0],
                entry.getValue()[1]))
        .sorted(
            Comparator.comparingLong((RuleCount count) -> count.allowed() + count.blocked())
                .reversed()
                .thenComparing(RuleCount::tenant)
                .thenComparing(RuleCount::rule))
        .limit(FeedSecond.MAX_RULES)
        .toList();
  }
}
