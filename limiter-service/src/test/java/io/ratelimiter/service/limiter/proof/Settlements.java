package io.ratelimiter.service.limiter.proof;

import io.ratelimiter.schemas.AdjustmentEvent;
import io.ratelimiter.schemas.DecisionEvent;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Judges settlements by the decisions that they are of: each decision is settled once, from the
 * cost that it was charged, on the limits that it was charged on.
 */
final class Settlements {

  private final Report report;

  private Settlements(Report report) {
    this.report = report;
  }

  static void judge(EventLog log, Report report) {
    Settlements judge = new Settlements(report);
    log.settlements()
        .forEach((id, event) -> {
          DecisionEvent decision = log.decision(id);
          if (decision == null) {
            report.leftOut("settlements: " + EventLog.UNKNOWN_DECISION);
          } else {
            judge.judge(event, decision);
          }
        });
    for (AdjustmentEvent repeated : log.repeatedSettlements()) {
      report.fault(repeated.adjustmentId() + " settles a second time: " + repeated.settled());
    }
  }

  private void judge(AdjustmentEvent event, DecisionEvent decision) {
    report.judged("settlements");
    if (decision.spending().settleWithinMillis() == 0) {
      report.fault(event.adjustmentId() + " settles what cannot be settled: " + event.settled());
    }
    long estimate = event.settled().estimate();
    if (estimate != decision.cost()) {
      report.fault(
          "%s settles an estimate of %d, charged were %d"
              .formatted(event.adjustmentId(), estimate, decision.cost()));
    }
    Set<LimitedKey> charged =
        keys(decision.limits(), Settlements::charged, limit -> LimitedKey.of(decision, limit));
    Set<LimitedKey> settled = keys(event.limits(), _ -> true, limit -> LimitedKey.of(event, limit));
    if (!charged.equals(settled)) {
      report.fault(
          "%s settles on %s, charged were %s".formatted(event.adjustmentId(), settled, charged));
    }
    for (AdjustmentEvent.Limit limit : event.limits()) {
      judge(event, limit, event.cost() - estimate);
    }
  }

  private void judge(AdjustmentEvent event, AdjustmentEvent.Limit limit, long more) {
    if (limit.givenBack() > Math.max(0, -more)
        || limit.taken() + limit.uncharged() != Math.max(0, more)) {
      report.fault(
          "%s gives back %d, takes %d and leaves %d uncharged where the cost differs by %d"
              .formatted(
                  event.adjustmentId(), limit.givenBack(), limit.taken(), limit.uncharged(), more));
    }
  }

  private static boolean charged(DecisionEvent.Limit limit) {
    return limit.verdict() != null && limit.verdict().charged();
  }

  private static <L> Set<LimitedKey> keys(
      List<L> limits, Predicate<L> wanted, Function<L, LimitedKey> key) {
    return limits.stream().filter(wanted).map(key).collect(Collectors.toSet());
  }
}
