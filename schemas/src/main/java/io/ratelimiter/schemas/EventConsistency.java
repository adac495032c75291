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
  static final Set<String> KINDS = Set.of("refund", "reset", AdjustmentEvent.SETTLE);

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
    requireSpending(event.spending(), event.allowed());
    return event;
  }

  private static void requireSpending(DecisionEvent.Spending spending, boolean allowed) {
    if (spending.waitMicros() > 0) {
      require(allowed, "wait_us is above 0, but allowed is false");
      require(spending.maxWaitMillis() > 0, "wait_us is above 0, but max_wait_ms is 0");
    }
  }

  static DecisionEvent.Limit checked(DecisionEvent.Limit limit) {
    requireBurst(limit.algorithm(), limit.limit(), limit.burst());
    long reserve = limit.terms().reserve();
    long capacity = limit.burst() == null ? limit.limit() : limit.burst();
    require(reserve == 0 || reserve < capacity, "reserve is not below the capacity of the limit");
    return limit;
  }

  static AdjustmentEvent checked(AdjustmentEvent event) {
    AdjustmentEvent.Settled settled = event.settled();
    if (settled != null) {
      requireSettled(event, settled);
      return event;
    }
    if (event.kind().equals("reset")) {
      require(event.cost() == 0 && event.refundId() == null, "a reset has a cost or a refund_id");
    } else {
      require(event.cost() > 0, "a refund has no cost");
    }
    require(
        event.limits().stream().allMatch(limit -> limit.taken() == 0 && limit.uncharged() == 0),
        "taken or uncharged of a limit is above 0, but kind is " + event.kind());
    return event;
  }

  private static void requireSettled(AdjustmentEvent event, AdjustmentEvent.Settled settled) {
    require(event.refundId() == null, "a settlement has a refund_id");
    require(
        settled.uncharged() <= Math.max(0, event.cost() - settled.estimate()),
        "uncharged is above what cost exceeds estimate by");
  }

  static AdjustmentEvent.Limit checked(AdjustmentEvent.Limit limit) {
    requireBurst(limit.algorithm(), limit.limit(), limit.burst());
    require(limit.givenBack() == 0 || limit.taken() == 0, "given_back and taken are both above 0");
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
