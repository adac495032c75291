package io.ratelimiter.service.limiter.proof;

import io.ratelimiter.schemas.AdjustmentEvent;
import io.ratelimiter.schemas.DecisionEvent;
import io.ratelimiter.schemas.SeriesPosition;
import io.ratelimiter.service.limiter.Adjustment;
import io.ratelimiter.service.limiter.Check;
import io.ratelimiter.service.limiter.CheckOptions;
import io.ratelimiter.service.limiter.Decision;
import io.ratelimiter.service.limiter.LimitOutcome.Evaluated;
import io.ratelimiter.service.limiter.Settlement;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;

/** Records events for checks that do not go through the service. Thread-safe. */
public final class Recorder {

  private final Queue<DecisionEvent> decisions = new ConcurrentLinkedQueue<>();
  private final Queue<AdjustmentEvent> adjustments = new ConcurrentLinkedQueue<>();
  private final AtomicLong seq = new AtomicLong();

  /** The events so far. */
  public EventLog log() {
    return EventLog.of(decisions, adjustments);
  }

  /** The decisions so far. */
  public List<DecisionEvent> decisions() {
    return List.copyOf(decisions);
  }

  /** The adjustments so far. */
  public List<AdjustmentEvent> adjustments() {
    return List.copyOf(adjustments);
  }

  /** Records a decision, unless the check takes nothing. */
  public void record(Check check, Decision decision) {
    if (check.peek()) {
      return;
    }
    long number = seq.incrementAndGet();
    Long retryMillis =
        decision instanceof Decision.Blocked blocked
                && blocked.retryAfterMicros() != Evaluated.NEVER
            ? Math.ceilDiv(blocked.retryAfterMicros(), 1_000)
            : null;
    decisions.add(
        new DecisionEvent(
            check.options().decisionId() == null ? "d" + number : check.options().decisionId(),
            position(number),
            "c" + number,
            check.tenant(),
            check.clientId(),
            check.limitKey(),
            check.attributes().asMap(),
            check.cost(),
            decision instanceof Decision.Allowed,
            decision instanceof Decision.Blocked blocked ? blocked.reason().wireName() : null,
            null,
            retryMillis,
            decision.source().wireName(),
            decision.degraded(),
            decision.degradedReason() == null ? null : decision.degradedReason().wireName(),
            decision.decidedAtMicros(),
            0,
            decision.limits().stream().map(outcome -> RecordedLimits.of(check, outcome)).toList(),
            spending(check.options(), decision)));
  }

  private static DecisionEvent.Spending spending(CheckOptions options, Decision decision) {
    return new DecisionEvent.Spending(
        options.priority().wireName(),
        options.maxWaitMillis(),
        decision.waitMicros(),
        options.settleWithinMillis());
  }

  /** Records a refund, or a reset when its cost is 0. */
  public void record(Check check, Adjustment adjustment) {
    if (!adjustment.applied()) {
      return;
    }
    long number = seq.incrementAndGet();
    adjustments.add(
        new AdjustmentEvent(
            "a" + number,
            check.peek() ? "reset" : "refund",
            position(number),
            "c" + number,
            check.tenant(),
            check.clientId(),
            check.limitKey(),
            check.attributes().asMap(),
            check.cost(),
            null,
            adjustment.decidedAtMicros(),
            adjustment.limits().stream().map(limit -> RecordedLimits.of(check, limit)).toList()));
  }

  /** Records a settlement, unless it repeats an earlier one. */
  public void record(String decisionId, Settlement settlement) {
    Adjustment adjustment = settlement.adjustment();
    if (!adjustment.applied()) {
      return;
    }
    long number = seq.incrementAndGet();
    Check check = settlement.check();
    adjustments.add(
        new AdjustmentEvent(
            "a" + number,
            AdjustmentEvent.SETTLE,
            position(number),
            "c" + number,
            check.tenant(),
            check.clientId(),
            check.limitKey(),
            check.attributes().asMap(),
            settlement.cost(),
            null,
            adjustment.decidedAtMicros(),
            adjustment.limits().stream().map(limit -> RecordedLimits.of(check, limit)).toList(),
            new AdjustmentEvent.Settled(decisionId, check.cost(), uncharged(adjustment))));
  }

  private static long uncharged(Adjustment adjustment) {
    return adjustment.limits().stream()
        .filter(limit -> limit.rule().enforcing())
        .mapToLong(Adjustment.Limit::uncharged)
        .max()
        .orElse(0);
  }

  private static SeriesPosition position(long number) {
    return new SeriesPosition("test", "epoch", 0, number);
  }
}
