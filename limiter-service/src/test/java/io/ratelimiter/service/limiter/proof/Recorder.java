package io.ratelimiter.service.limiter.proof;

import io.ratelimiter.schemas.AdjustmentEvent;
import io.ratelimiter.schemas.Counter;
import io.ratelimiter.schemas.DecisionEvent;
import io.ratelimiter.schemas.SeriesPosition;
import io.ratelimiter.service.limiter.Adjustment;
import io.ratelimiter.service.limiter.Check;
import io.ratelimiter.service.limiter.Decision;
import io.ratelimiter.service.limiter.LimitOutcome;
import io.ratelimiter.service.limiter.LimitOutcome.Evaluated;
import io.ratelimiter.service.rules.Policy;
import io.ratelimiter.service.rules.Rule;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

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
            "d" + number,
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
            decision.limits().stream().map(outcome -> limit(check, outcome)).toList()));
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
            adjustment.limits().stream().map(limit -> limit(check, limit)).toList()));
  }

  private static SeriesPosition position(long number) {
    return new SeriesPosition("test", "epoch", 0, number);
  }

  private static DecisionEvent.Limit limit(Check check, LimitOutcome outcome) {
    Rule rule = outcome.rule();
    return new DecisionEvent.Limit(
        rule.name(),
        rule.id(),
        rule.tenant(),
        rule.limitKey(),
        rule.revision(),
        rule.policy().algorithm().wireName(),
        rule.policy().limit(),
        burst(rule.policy()),
        rule.policy().windowSeconds(),
        rule.mode().wireName(),
        rule.shared(),
        counter(check, rule),
        outcome instanceof Evaluated evaluated ? verdict(evaluated) : null);
  }

  private static DecisionEvent.Verdict verdict(Evaluated evaluated) {
    return new DecisionEvent.Verdict(
        evaluated.remaining(),
        evaluated.resetAtMicros() / 1_000,
        evaluated.allowed(),
        evaluated.atMicros(),
        evaluated.rebased(),
        evaluated.charged());
  }

  private static AdjustmentEvent.Limit limit(Check check, Adjustment.Limit limit) {
    Rule rule = limit.rule();
    return new AdjustmentEvent.Limit(
        rule.name(),
        rule.id(),
        rule.tenant(),
        rule.limitKey(),
        rule.revision(),
        rule.policy().algorithm().wireName(),
        rule.policy().limit(),
        burst(rule.policy()),
        rule.policy().windowSeconds(),
        rule.shared(),
        counter(check, rule),
        limit.atMicros(),
        limit.rebased(),
        limit.givenBack());
  }

  private static @Nullable Counter counter(Check check, Rule rule) {
    List<String> by = rule.terms().by();
    return by == null ? null : new Counter(by, by.stream().map(check::attribute).toList());
  }

  private static @Nullable Long burst(Policy policy) {
    return policy instanceof Policy.TokenBucket bucket ? bucket.burst() : null;
  }
}
