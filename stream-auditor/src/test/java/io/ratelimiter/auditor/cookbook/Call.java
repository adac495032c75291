package io.ratelimiter.auditor.cookbook;

import io.ratelimiter.schemas.AdjustmentEvent;
import io.ratelimiter.schemas.DecisionEvent;
import io.ratelimiter.schemas.DecisionEvent.Limit;
import io.ratelimiter.schemas.DecisionEvent.Top;
import io.ratelimiter.schemas.DecisionEvent.Verdict;
import io.ratelimiter.schemas.EventHeaders;
import io.ratelimiter.schemas.EventWriter;
import io.ratelimiter.schemas.SeriesPosition;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A request of a caller and its answer: a line of the caller's log. The limiter that answers
 * publishes it as an event.
 *
 * @param atMicros time of the answer, microseconds since 1970
 * @param instance the limiter that was called
 * @param cost units of a check or refund; 0 for a reset
 * @param rule null where none applied
 * @param revision of the rule; 0 without a rule
 * @param shadowAllows verdict of the shadow rule {@code stricter}; null if it was not checked
 * @param spending how the cost was to be spent, or what a settled decision was estimated to cost
 */
record Call(
    long atMicros,
    String instance,
    String tenant,
    String client,
    String limitKey,
    long cost,
    Outcome outcome,
    @Nullable String rule,
    long revision,
    String source,
    @Nullable String degradedReason,
    @Nullable Boolean shadowAllows,
    long latencyMicros,
    Spending spending) {

  /**
   * What the caller's log has of priorities, waits and settlements.
   *
   * @param priority of a check
   * @param waitMicros how long the caller had to wait
   * @param estimate units that a settled decision was charged; 0 otherwise
   * @param uncharged units of a settlement that were not charged
   */
  record Spending(String priority, long waitMicros, long estimate, long uncharged) {

    static final Spending PLAIN = new Spending("normal", 0, 0, 0);
  }

  /** The rule of the tenant {@code acme}; every other rule is of the tenant {@code default}. */
  static final String GOLD = "gold";

  private static final EventWriter WRITER = new EventWriter();

  enum Outcome {
    ALLOWED,
    LIMIT_EXCEEDED,
    COST_EXCEEDS_LIMIT,
    STORE_UNAVAILABLE,
    REFUND,
    RESET,
    SETTLEMENT;

    boolean isCheck() {
      return ordinal() < REFUND.ordinal();
    }
  }

  /** A refund of the cost, or a reset, 5 s later. */
  Call followedBy(Outcome adjustment) {
    return new Call(
        atMicros + 5_000_000,
        instance,
        tenant,
        client,
        limitKey,
        adjustment == Outcome.REFUND ? cost : 0,
        adjustment,
        rule,
        revision,
        source,
        null,
        null,
        0,
        Spending.PLAIN);
  }

  /** A settlement of the cost as an estimate, 5 s later. */
  Call settledAt(long actual, long uncharged) {
    Spending settled = new Spending("normal", 0, cost, uncharged);
    return new Call(
        atMicros + 5_000_000,
        instance,
        tenant,
        client,
        limitKey,
        actual,
        Outcome.SETTLEMENT,
        rule,
        revision,
        source,
        null,
        null,
        0,
        settled);
  }

  /** The same check with a priority and a wait. */
  Call with(Spending other) {
    return new Call(
        atMicros,
        instance,
        tenant,
        client,
        limitKey,
        cost,
        outcome,
        rule,
        revision,
        source,
        degradedReason,
        shadowAllows,
        latencyMicros,
        other);
  }

  String key() {
    return tenant + "/" + client;
  }

  String type() {
    return outcome.isCheck() ? EventHeaders.TYPE_DECISION : EventHeaders.TYPE_ADJUSTMENT;
  }

  /** The event as the limiter publishes it. */
  byte[] event(SeriesPosition at) {
    String id = at.instance() + "-" + at.partition() + "-" + at.seq();
    return outcome.isCheck()
        ? WRITER.decision(decision(id, at))
        : WRITER.adjustment(adjustment(id, at));
  }

  private DecisionEvent decision(String id, SeriesPosition at) {
    boolean allowed = outcome == Outcome.ALLOWED;
    List<Limit> limits = new ArrayList<>();
    if (rule != null) {
      limits.add(limit(rule, "enforce", allowed));
    }
    if (shadowAllows != null) {
      limits.add(limit("stricter", "shadow", shadowAllows));
    }
    String reason = rule == null ? DecisionEvent.NO_RULE : outcome.name().toLowerCase(Locale.ROOT);
    return new DecisionEvent(
        id,
        at,
        "correlation",
        tenant,
        client,
        limitKey,
        Map.of(),
        cost,
        allowed,
        allowed && rule != null ? null : reason,
        rule == null
            ? null
            : new Top(7, 20, 60, 1L, "token_bucket", rule, id(rule), revision, "enforce"),
        outcome == Outcome.LIMIT_EXCEEDED ? (Long) 100L : null,
        source,
        degradedReason != null,
        degradedReason,
        atMicros,
        latencyMicros,
        limits,
        new DecisionEvent.Spending(
            spending.priority(), spending.waitMicros() > 0 ? 30_000 : 0, spending.waitMicros(), 0));
  }

  private Limit limit(String name, String mode, boolean allows) {
    @Nullable Verdict verdict =
        source.equals("none") ? null : new Verdict(7, 1L, allows, atMicros, false, allows);
    return new Limit(
        name,
        id(name),
        tenantOf(name),
        "*",
        revision,
        "token_bucket",
        20,
        (Long) 20L,
        60,
        mode,
        false,
        null,
        verdict);
  }

  private AdjustmentEvent adjustment(String id, SeriesPosition at) {
    boolean isSettlement = outcome == Outcome.SETTLEMENT;
    boolean isRefund = outcome == Outcome.REFUND;
    long excess = isSettlement ? cost - spending.estimate() : 0;
    List<AdjustmentEvent.Limit> limits =
        rule == null
            ? List.of()
            : List.of(
                new AdjustmentEvent.Limit(
                    rule,
                    id(rule),
                    tenantOf(rule),
                    "*",
                    revision,
                    "token_bucket",
                    20,
                    (Long) 20L,
                    60,
                    false,
                    null,
                    atMicros,
                    false,
                    Math.max(0, isSettlement ? -excess : cost),
                    Math.max(0, excess - spending.uncharged()),
                    spending.uncharged()));
    return new AdjustmentEvent(
        id,
        isSettlement ? AdjustmentEvent.SETTLE : isRefund ? "refund" : "reset",
        at,
        "correlation",
        tenant,
        client,
        limitKey,
        Map.of(),
        cost,
        isRefund ? id : null,
        atMicros,
        limits,
        isSettlement
            ? new AdjustmentEvent.Settled("of-" + id, spending.estimate(), spending.uncharged())
            : null);
  }

  private static String tenantOf(String rule) {
    return rule.equals(GOLD) ? "acme" : "default";
  }

  private static long id(String rule) {
    return 1 + Math.abs((long) rule.hashCode());
  }
}
