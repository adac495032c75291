package io.ratelimiter.service.limiter.proof;

import io.ratelimiter.schemas.AdjustmentEvent;
import io.ratelimiter.schemas.DecisionEvent;
import io.ratelimiter.service.limiter.Check;
import io.ratelimiter.service.limiter.Rules;
import io.ratelimiter.service.limiter.local.ModelLimiter;
import io.ratelimiter.service.rules.Algorithm;
import io.ratelimiter.service.rules.Match;
import io.ratelimiter.service.rules.Rule;
import io.ratelimiter.service.rules.RuleBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.UnaryOperator;

/** The events of runs, and changes to them. */
final class RunEvents {

  static final long START = 46_297L * 86_400 * 1_000_000;
  static final long SEED = 20_261_124L;
  static final int LIMIT = 20;

  private RunEvents() {}

  static Rule minute(Algorithm algorithm, long limit) {
    return Rules.enforcing(1, Rules.policy(algorithm, limit, 60));
  }

  /** Three clients take one unit every quarter of a second: twice what the rule grants. */
  static Recorder saturated(Match match) {
    Random random = new Random(SEED);
    Recorder recorder = new Recorder();
    ModelLimiter model = new ModelLimiter();
    for (int i = 0; i < 3_000; i++) {
      Check check = new Check("default", "client-" + i % 3, "key", 1);
      long now = START + i * 250_000L + random.nextInt(250_000);
      recorder.record(check, model.check(now, check, match));
    }
    return recorder;
  }

  /** As {@link #saturated}, of clients that share one counter of their tenant. */
  static Recorder saturatedTogether(Algorithm algorithm, long limit) {
    Match match =
        Rules.match(
            RuleBuilder.rule(1, "*", "*").by().policy(Rules.policy(algorithm, limit, 60)).limit());
    Recorder recorder = new Recorder();
    ModelLimiter model = new ModelLimiter();
    // One client of the model, so that it has one counter.
    Check all = new Check("default", "all", "key", 1);
    for (int i = 0; i < 3_000; i++) {
      Check check = new Check("default", "client-" + i % 3, "key-" + i % 2, 1);
      recorder.record(check, model.check(START + i * 250_000L, all, match));
    }
    return recorder;
  }

  /** The same events with another limit of the first rule. */
  static List<DecisionEvent> withLimit(List<DecisionEvent> events, long limit) {
    return events.stream()
        .map(event -> withFirst(event, l -> limited(l, limit, l.verdict())))
        .toList();
  }

  static DecisionEvent withFirst(DecisionEvent e, UnaryOperator<DecisionEvent.Limit> change) {
    List<DecisionEvent.Limit> limits = new ArrayList<>(e.limits());
    limits.set(0, change.apply(limits.getFirst()));
    return with(e, e.allowed(), limits);
  }

  static DecisionEvent with(DecisionEvent e, boolean allowed, List<DecisionEvent.Limit> limits) {
    return with(e, allowed, limits, e.spending());
  }

  static DecisionEvent with(
      DecisionEvent e,
      boolean allowed,
      List<DecisionEvent.Limit> limits,
      DecisionEvent.Spending spending) {
    return new DecisionEvent(
        e.decisionId(),
        e.position(),
        e.correlationId(),
        e.tenant(),
        e.clientId(),
        e.limitKey(),
        e.attributes(),
        e.cost(),
        allowed,
        e.reason(),
        e.top(),
        e.retryAfterMillis(),
        e.source(),
        e.degraded(),
        e.degradedReason(),
        e.decidedAtMicros(),
        e.latencyMicros(),
        limits,
        spending);
  }

  static DecisionEvent.Limit limited(
      DecisionEvent.Limit l, long limit, DecisionEvent.Verdict verdict) {
    return new DecisionEvent.Limit(
        l.rule(),
        l.ruleId(),
        l.ruleTenant(),
        l.ruleLimitKey(),
        l.ruleRevision(),
        l.algorithm(),
        limit,
        l.burst() == null ? null : Long.valueOf(limit),
        l.windowSeconds(),
        l.mode(),
        l.shared(),
        l.counter(),
        verdict,
        l.terms());
  }

  static DecisionEvent.Limit withVerdict(
      DecisionEvent.Limit l, boolean allowed, boolean charged, long remaining) {
    DecisionEvent.Verdict v = l.verdict();
    return limited(
        l,
        l.limit(),
        new DecisionEvent.Verdict(
            remaining, v.resetAtMillis(), allowed, v.atMicros(), v.rebased(), charged));
  }

  static AdjustmentEvent adjusted(
      AdjustmentEvent e, String id, List<AdjustmentEvent.Limit> limits) {
    return new AdjustmentEvent(
        id,
        e.kind(),
        e.position(),
        e.correlationId(),
        e.tenant(),
        e.clientId(),
        e.limitKey(),
        e.attributes(),
        e.cost(),
        e.refundId(),
        e.decidedAtMicros(),
        limits,
        e.settled());
  }

  /** The same limit with the units charged that were beyond the overdraft. */
  static AdjustmentEvent.Limit allTaken(AdjustmentEvent.Limit l) {
    return new AdjustmentEvent.Limit(
        l.rule(),
        l.ruleId(),
        l.ruleTenant(),
        l.ruleLimitKey(),
        l.ruleRevision(),
        l.algorithm(),
        l.limit(),
        l.burst(),
        l.windowSeconds(),
        l.shared(),
        l.counter(),
        l.atMicros(),
        l.rebased(),
        l.givenBack(),
        l.taken() + l.uncharged(),
        0);
  }
}
