package io.ratelimiter.schemas;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Checks that the fields of an event are consistent, and defines their enumerations. */
final class EventConsistency {

  static final Set<String> REASONS =
      Set.of("limit_exceeded", "cost_exceeds_limit", "store_unavailable", "no_rule");
  static final Set<String> SOURCES = Set.of("redis", "local", "cache", "none");
  static final Set<String> DEGRADED_REASONS =
      Set.of("timeout", "connection", "store_error", "circuit_open");
  static final Set<String> ALGORITHMS =
      Set.of("token_bucket", "fixed_window", "sliding_window", "sliding_window_counter");
  static final Set<String> MODES = Set.of("enforce", "shadow");
  static final Set<String> TOP_MODES = Set.of("enforce");
  static final Set<String> KINDS = Set.of("refund", "reset");

  private EventConsistency() {}

  static DecisionEvent checked(DecisionEvent event) {
    String reason = event.reason();
    if (event.allowed()) {
      require(
          reason == null || reason.equals(DecisionEvent.NO_RULE),
          "reason is that of a block, but allowed is true");
      require(event.retryAfterMillis() == null, "retry_after_ms is not null, but allowed is true");
    } else {
      require(
          reason != null && !reason.equals(DecisionEvent.NO_RULE),
          "reason is not that of a block, but allowed is false");
      require(
          !"cost_exceeds_limit".equals(reason) || event.retryAfterMillis() == null,
          "retry_after_ms is not null, but reason is cost_exceeds_limit");
    }
    require(
        event.degraded() == (event.degradedReason() != null),
        "degraded_reason and degraded contradict each other");
    DecisionEvent.Top top = event.top();
    require(
        top == null || event.limits().stream().anyMatch(limit -> limit.ruleId() == top.ruleId()),
        "limits has no entry for rule_id");
    return event;
  }

  static DecisionEvent.Limit checked(DecisionEvent.Limit limit) {
    requireBurst(limit.algorithm(), limit.limit(), limit.burst());
    return limit;
  }

  static AdjustmentEvent checked(AdjustmentEvent event) {
    if (event.kind().equals("reset")) {
      require(event.cost() == 0 && event.refundId() == null, "a reset has a cost or a refund_id");
    } else {
      require(event.cost() > 0, "a refund has no cost");
    }
    return event;
  }

  static AdjustmentEvent.Limit checked(AdjustmentEvent.Limit limit) {
    requireBurst(limit.algorithm(), limit.limit(), limit.burst());
    return limit;
  }

  static LedgerEvent checked(LedgerEvent ledger) {
    require(
        ledger.closed() == (ledger.unknownTail() != null),
        "unknown_tail and closed contradict each other");
    return ledger;
  }

  /** A rule of rate 0 has no burst, since it allows nothing. */
  private static void requireBurst(String algorithm, long limit, @Nullable Long burst) {
    require(
        (algorithm.equals("token_bucket") && limit > 0) == (burst != null),
        "burst must be null exactly if algorithm is not token_bucket or limit is 0");
  }

  private static void require(boolean holds, String fault) {
    if (!holds) {
      throw new UnreadableEventException(fault);
    }
  }
}
