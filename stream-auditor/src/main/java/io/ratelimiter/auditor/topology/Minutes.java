package io.ratelimiter.auditor.topology;

import static io.ratelimiter.schemas.DecisionEvent.NONE;

import io.ratelimiter.auditor.topology.AuditTerms.Bills;
import io.ratelimiter.auditor.topology.Pending.Origin;
import io.ratelimiter.auditor.topology.Pending.Rule;
import io.ratelimiter.auditor.topology.state.CountedRow;
import io.ratelimiter.auditor.topology.state.Sums;
import io.ratelimiter.schemas.AdjustmentEvent;
import io.ratelimiter.schemas.DecisionEvent;
import io.ratelimiter.schemas.DecisionEvent.Limit;
import io.ratelimiter.schemas.DecisionEvent.Top;
import io.ratelimiter.schemas.SeriesPosition;
import io.ratelimiter.schemas.audit.Dimensions;
import io.ratelimiter.schemas.audit.Kind;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Counts the events of one partition in the rows of their minutes. */
final class Minutes {

  private static final String SHADOW = "shadow";

  /** The region of rows of publishers without one. */
  private static final String NO_REGION = "";

  private final Progress progress;
  private final PartitionRows rows;

  Minutes(Progress progress, PartitionRows rows) {
    this.progress = progress;
    this.rows = rows;
  }

  private static final Rule NO_RULE = new Rule(NONE, NONE, NONE, 0, NONE);

  private static Rule rule(@Nullable Limit limit) {
    return limit == null
        ? NO_RULE
        : new Rule(
            limit.ruleTenant(),
            limit.ruleLimitKey(),
            limit.rule(),
            limit.ruleRevision(),
            limit.algorithm());
  }

  private static Rule rule(AdjustmentEvent event) {
    if (event.limits().isEmpty()) {
      return NO_RULE;
    }
    AdjustmentEvent.Limit limit = event.limits().getFirst();
    return new Rule(
        limit.ruleTenant(),
        limit.ruleLimitKey(),
        limit.rule(),
        limit.ruleRevision(),
        limit.algorithm());
  }

  /** What an event's rows have in common. */
  private record Place(
      long minute, int part, String region, String tenant, String clientId, String limitKey) {

    Dimensions client(Rule rule) {
      return Dimensions.of(
          Kind.CLIENT,
          minute,
          part,
          region,
          tenant,
          clientId,
          limitKey,
          rule.name(),
          rule.algorithm());
    }

    Dimensions bill() {
      long day = Kind.Span.DAY.startOf(minute);
      return Dimensions.of(Kind.BILL, day, 0, region, tenant, clientId);
    }

    Pending.Target target(Rule rule, Origin origin) {
      return new Pending.Target(minute, part, region, tenant, rule, origin);
    }
  }

  private Place place(
      SeriesPosition position,
      long decidedAtMicros,
      String tenant,
      String clientId,
      String limitKey) {
    long minute = progress.minuteOf(decidedAtMicros);
    int part = progress.partOf(minute);
    String region = Objects.requireNonNullElse(position.region(), NO_REGION);
    return new Place(minute, part, region, tenant, clientId, limitKey);
  }

  /**
   * Counts a decision in the rows of its decisive rule and of each shadow rule.
   *
   * @param key of its record
   */
  void count(DecisionEvent event, byte[] key) {
    Place place =
        place(
            event.position(),
            event.decidedAtMicros(),
            event.tenant(),
            event.clientId(),
            event.limitKey());
    boolean late = progress.isLate(event.decidedAtMicros());
    Rule rule = rule(decisive(event));
    Origin origin = origin(event);
    rows.pending().change(place.target(rule, origin), row -> row.add(event, late));
    if (!progress.blockedOnly() || isBlock(event)) {
      rows.counted().change(place.client(rule), row -> row.add(event, late));
    }
    for (Limit limit : event.limits()) {
      if (SHADOW.equals(limit.mode()) && limit.verdict() != null) {
        countShadow(place.target(rule(limit), origin), place, event, !limit.verdict().allowed());
      }
    }
    rows.uniqueClients().add(place.minute, event.tenant(), key);
    if (progress.bills() == Bills.CLIENT && event.allowed()) {
      rows.counted().change(place.bill(), row -> row.add(event, late));
    }
  }

  private void countShadow(
      Pending.Target target, Place place, DecisionEvent event, boolean wouldBlock) {
    Consumer<CountedRow> change = row -> row.addShadow(event, wouldBlock);
    rows.pending().change(target, change);
    if (!progress.blockedOnly() || wouldBlock) {
      rows.counted().change(place.client(target.rule()), change);
    }
  }

  private static Origin origin(DecisionEvent event) {
    String degradedReason = event.degradedReason() == null ? NONE : event.degradedReason();
    return new Origin(event.position().instance(), event.source(), degradedReason);
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

  /** Counts a refund, a reset or a settlement in the rows of the rule of its first limit. */
  void count(AdjustmentEvent event) {
    Place place =
        place(
            event.position(),
            event.decidedAtMicros(),
            event.tenant(),
            event.clientId(),
            event.limitKey());
    Rule rule = rule(event);
    Origin origin = new Origin(event.position().instance(), NONE, NONE);
    Consumer<CountedRow> change = row -> row.add(event);
    rows.pending().change(place.target(rule, origin), change);
    rows.counted().change(place.client(rule), change);
    if (progress.bills() == Bills.CLIENT && Sums.changesCost(event)) {
      rows.counted().change(place.bill(), change);
    }
  }
}
