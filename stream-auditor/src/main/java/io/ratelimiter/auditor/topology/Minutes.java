package io.ratelimiter.auditor.topology;

import static io.ratelimiter.schemas.DecisionEvent.NONE;

import io.ratelimiter.auditor.topology.AuditTerms.Bills;
import io.ratelimiter.auditor.topology.state.CountedRow;
import io.ratelimiter.auditor.topology.state.Sums;
import io.ratelimiter.schemas.AdjustmentEvent;
import io.ratelimiter.schemas.DecisionEvent;
import io.ratelimiter.schemas.DecisionEvent.Limit;
import io.ratelimiter.schemas.DecisionEvent.Top;
import io.ratelimiter.schemas.audit.Dimensions;
import io.ratelimiter.schemas.audit.Kind;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Counts the events of one partition in the rows of their minutes. */
final class Minutes {

  private static final String SHADOW = "shadow";

  /** The region of all rows, until events state one. */
  private static final String NO_REGION = "";

  private final Progress progress;
  private final PartitionRows rows;

  Minutes(Progress progress, PartitionRows rows) {
    this.progress = progress;
    this.rows = rows;
  }

  /** The rule of a limit: its dimensions in a total. */
  private record Rule(
      String tenant, String limitKey, String name, long revision, String algorithm) {

    static final Rule NO_RULE = new Rule(NONE, NONE, NONE, 0, NONE);

    static Rule of(@Nullable Limit limit) {
      return limit == null
          ? NO_RULE
          : new Rule(
              limit.ruleTenant(),
              limit.ruleLimitKey(),
              limit.rule(),
              limit.ruleRevision(),
              limit.algorithm());
    }

    static Rule of(AdjustmentEvent.Limit limit) {
      return new Rule(
          limit.ruleTenant(),
          limit.ruleLimitKey(),
          limit.rule(),
          limit.ruleRevision(),
          limit.algorithm());
    }
  }

  /** What an event's rows have in common. */
  private record Place(
      long minute, int part, String region, String tenant, String clientId, String limitKey) {

    Dimensions client(Rule rule) {
      return Dimensions.of(
          Kind.CLIENT, minute, part, region, tenant, clientId, limitKey, rule.name, rule.algorithm);
    }

    Dimensions bill() {
      long day = Kind.Span.DAY.startOf(minute);
      return Dimensions.of(Kind.BILL, day, 0, region, tenant, clientId);
    }

    Pending.Target target(Rule rule, String instance, String source, String degradedReason) {
      return new Pending.Target(
          new Dimensions(
              Kind.TOTAL,
              minute,
              part,
              rule.revision,
              List.of(region, rule.tenant, rule.limitKey, rule.name, rule.algorithm)),
          Dimensions.of(Kind.TENANT_TOTAL, minute, part, region, tenant),
          Dimensions.of(
              Kind.INSTANCE_TOTAL, minute, part, region, instance, source, degradedReason));
    }
  }

  private Place place(long decidedAtMicros, String tenant, String clientId, String limitKey) {
    long minute = progress.minuteOf(decidedAtMicros);
    int part = progress.partOf(minute);
    return new Place(minute, part, NO_REGION, tenant, clientId, limitKey);
  }

  /**
   * Counts a decision in the rows of its decisive rule and of each shadow rule.
   *
   * @param key of its record
   */
  void count(DecisionEvent event, byte[] key) {
    Place place =
        place(event.decidedAtMicros(), event.tenant(), event.clientId(), event.limitKey());
    boolean late = progress.isLate(event.decidedAtMicros());
    Rule rule = Rule.of(decisive(event));
    rows.pending().change(target(place, rule, event), row -> row.add(event, late));
    if (!progress.blockedOnly() || isBlock(event)) {
      rows.counted().change(place.client(rule), row -> row.add(event, late));
    }
    for (Limit limit : event.limits()) {
      if (SHADOW.equals(limit.mode()) && limit.verdict() != null) {
        countShadow(place, Rule.of(limit), event, !limit.verdict().allowed());
      }
    }
    rows.uniqueClients().add(place.minute, event.tenant(), key);
    if (progress.bills() == Bills.CLIENT && event.allowed()) {
      rows.counted().change(place.bill(), row -> row.add(event, late));
    }
  }

  private void countShadow(Place place, Rule rule, DecisionEvent event, boolean wouldBlock) {
    Consumer<CountedRow> change = row -> row.addShadow(event, wouldBlock);
    rows.pending().change(target(place, rule, event), change);
    if (!progress.blockedOnly() || wouldBlock) {
      rows.counted().change(place.client(rule), change);
    }
  }

  private static Pending.Target target(Place place, Rule rule, DecisionEvent event) {
    String degradedReason = event.degradedReason() == null ? NONE : event.degradedReason();
    return place.target(rule, event.position().instance(), event.source(), degradedReason);
  }

  private static boolean isBlock(DecisionEvent event) {
    return !event.allowed() && !Sums.isFailedClosed(event);
  }

  private static @Nullable Limit decisive(DecisionEvent event) {
    Top top = event.top();
    for (Limit limit : event.limits()) {
      if (top != null && limit.ruleId() == top.ruleId()) {
        return limit;
      }
    }
    return null;
  }

  /** Counts a refund or a reset in the rows of the rule of its first limit. */
  void count(AdjustmentEvent event) {
    Place place =
        place(event.decidedAtMicros(), event.tenant(), event.clientId(), event.limitKey());
    Rule rule = event.limits().isEmpty() ? Rule.NO_RULE : Rule.of(event.limits().getFirst());
    Consumer<CountedRow> change = row -> row.add(event);
    rows.pending().change(place.target(rule, event.position().instance(), NONE, NONE), change);
    rows.counted().change(place.client(rule), change);
    if (progress.bills() == Bills.CLIENT && Sums.isRefund(event)) {
      rows.counted().change(place.bill(), change);
    }
  }
}
