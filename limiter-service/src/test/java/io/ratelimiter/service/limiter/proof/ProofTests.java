package io.ratelimiter.service.limiter.proof;

import static org.assertj.core.api.Assertions.assertThat;

import io.ratelimiter.schemas.DecisionEvent;
import io.ratelimiter.service.limiter.Check;
import io.ratelimiter.service.limiter.Rules;
import io.ratelimiter.service.limiter.local.ModelLimiter;
import io.ratelimiter.service.rules.Algorithm;
import io.ratelimiter.service.rules.Match;
import io.ratelimiter.service.rules.Policy;
import io.ratelimiter.service.rules.Rule;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The judges find what is planted, and nothing in a run that is right. */
class ProofTests {

  private static final long START = 46_297L * 86_400 * 1_000_000;
  private static final long SEED = 20_261_124L;
  private static final int LIMIT = 20;

  private static Rule minute(Algorithm algorithm, long limit) {
    return Rules.enforcing(1, Rules.policy(algorithm, limit, 60));
  }

  /** Three clients ask for one unit every quarter of a second: twice what the rule grants. */
  private static Recorder saturated(Match match) {
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

  /** The same events, told as if the first rule granted {@code limit}. */
  private static List<DecisionEvent> toldAs(List<DecisionEvent> events, long limit) {
    return events.stream()
        .map(event -> withFirst(event, l -> limited(l, limit, l.verdict())))
        .toList();
  }

  private static DecisionEvent withFirst(
      DecisionEvent e, UnaryOperator<DecisionEvent.Limit> change) {
    List<DecisionEvent.Limit> limits = new ArrayList<>(e.limits());
    limits.set(0, change.apply(limits.getFirst()));
    return with(e, e.allowed(), limits);
  }

  private static DecisionEvent with(
      DecisionEvent e, boolean allowed, List<DecisionEvent.Limit> limits) {
    return new DecisionEvent(
        e.decisionId(),
        e.position(),
        e.correlationId(),
        e.tenant(),
        e.clientId(),
        e.limitKey(),
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
        limits);
  }

  private static DecisionEvent.Limit limited(
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
        verdict);
  }

  private static DecisionEvent.Limit judged(
      DecisionEvent.Limit l, boolean allowed, boolean charged, long remaining) {
    DecisionEvent.Verdict v = l.verdict();
    return limited(
        l,
        l.limit(),
        new DecisionEvent.Verdict(
            remaining, v.resetAtMillis(), allowed, v.atMicros(), v.rebased(), charged));
  }

  @ParameterizedTest
  @EnumSource
  void aRunThatIsRightHolds(Algorithm algorithm) {
    EventLog log = saturated(Rules.match(minute(algorithm, LIMIT))).log();
    Report bounds = Bounds.judge(log);
    assertThat(bounds.holds()).as(bounds.text()).isTrue();
    assertThat(bounds.judgedOf("keys")).isEqualTo(3);
    Report witness = Witness.judge(log);
    assertThat(witness.holds()).as(witness.text()).isTrue();
    assertThat(witness.judgedOf("verdicts")).isEqualTo(3_000);
  }

  @ParameterizedTest
  @EnumSource
  void oneUnitTooManyIsFoundByBoth(Algorithm algorithm) {
    Recorder run = saturated(Rules.match(minute(algorithm, LIMIT + 1)));
    EventLog log = EventLog.of(toldAs(run.decisions(), LIMIT), List.of());
    assertThat(Bounds.judge(log).faults()).anyMatch(f -> f.startsWith("over-admission"));
    assertThat(Witness.judge(log).faultCount()).isPositive();
  }

  @ParameterizedTest
  @EnumSource
  void oneSingleAllowedCheckTooManyIsFoundByBoth(Algorithm algorithm) {
    List<DecisionEvent> events =
        new ArrayList<>(saturated(Rules.match(minute(algorithm, LIMIT))).decisions());
    // A client's last block before its window is over: by then the whole limit was granted.
    int last = -1;
    for (int i = 0; i < events.size(); i++) {
      DecisionEvent event = events.get(i);
      if (event.clientId().equals("client-0")
          && !event.allowed()
          && event.decidedAtMicros() < START + 30 * 1_000_000L) {
        last = i;
      }
    }
    events.set(
        last,
        with(
            events.get(last),
            true,
            List.of(judged(events.get(last).limits().getFirst(), true, true, 0))));
    EventLog log = EventLog.of(events, List.of());
    assertThat(Bounds.judge(log).faults()).anyMatch(f -> f.startsWith("over-admission"));
    assertThat(Witness.judge(log).faults()).anyMatch(f -> f.contains("is told allowed true"));
  }

  @ParameterizedTest
  @EnumSource
  void aLimitThatGrantsTooLittleIsFound(Algorithm algorithm) {
    Recorder run = saturated(Rules.match(minute(algorithm, LIMIT - 2)));
    EventLog log = EventLog.of(toldAs(run.decisions(), LIMIT), List.of());
    assertThat(Witness.judge(log).faultCount()).isPositive();
    if (algorithm == Algorithm.SLIDING_WINDOW_COUNTER) {
      assertThat(Bounds.judge(log).leftOut())
          .containsKey("blocks of keys with a timeout or a sliding counter");
    } else {
      assertThat(Bounds.judge(log).faults()).anyMatch(f -> f.startsWith("blocked without need"));
    }
  }

  @Test
  void aChargeDespiteABlockIsFound() {
    Match match =
        Rules.match(
            minute(Algorithm.TOKEN_BUCKET, 1_000),
            Rules.enforcing(2, Rules.policy(Algorithm.FIXED_WINDOW, LIMIT, 60)));
    List<DecisionEvent> events = new ArrayList<>(saturated(match).decisions());
    events.replaceAll(e ->
        e.allowed() ? e : withFirst(e, l -> judged(l, true, true, l.verdict().remaining() - 1)));
    assertThat(Witness.judge(EventLog.of(events, List.of())).faults())
        .anyMatch(f -> f.contains("is told charged true on rule 1, allowed false"));
  }

  @Test
  void anAnswerThatContradictsItsLimitsIsFound() {
    List<DecisionEvent> events =
        new ArrayList<>(saturated(Rules.match(minute(Algorithm.FIXED_WINDOW, LIMIT))).decisions());
    events.replaceAll(e -> e.allowed() ? e : with(e, true, e.limits()));
    assertThat(Witness.judge(EventLog.of(events, List.of())).faults())
        .anyMatch(f -> f.contains("is told allowed true, its limits say false"));
  }

  @Test
  void aSingleBlockWithoutNeedIsFound() {
    List<DecisionEvent> events =
        new ArrayList<>(saturated(Rules.match(minute(Algorithm.FIXED_WINDOW, LIMIT))).decisions());
    events.set(
        6,
        with(
            events.get(6),
            false,
            List.of(judged(events.get(6).limits().getFirst(), false, false, 18))));
    EventLog log = EventLog.of(events, List.of());
    assertThat(Bounds.judge(log).faults()).anyMatch(f -> f.startsWith("blocked without need d7"));
    assertThat(Witness.judge(log).faults())
        .anyMatch(f -> f.startsWith("d7 ") && f.contains("is told allowed false"));
  }

  @ParameterizedTest
  @EnumSource
  void aRemainderThatIsOffByOneIsFound(Algorithm algorithm) {
    List<DecisionEvent> events =
        new ArrayList<>(saturated(Rules.match(minute(algorithm, LIMIT))).decisions());
    events.set(
        7, withFirst(events.get(7), l -> judged(l, true, true, l.verdict().remaining() + 1)));
    assertThat(Witness.judge(EventLog.of(events, List.of())).faultCount()).isEqualTo(1);
  }

  @Test
  void aKeyWhoseTimeDoesNotRiseIsFound() {
    List<DecisionEvent> events =
        new ArrayList<>(saturated(Rules.match(minute(Algorithm.TOKEN_BUCKET, LIMIT))).decisions());
    DecisionEvent.Verdict other = events.get(0).limits().getFirst().verdict();
    events.set(3, withFirst(events.get(3), l -> limited(l, l.limit(), other)));
    assertThat(Witness.judge(EventLog.of(events, List.of())).faults())
        .anyMatch(f -> f.contains("is not after the charge before"));
  }

  @Test
  void refundsResetsAndRuleChangesAreReplayed() {
    Random random = new Random(SEED);
    ModelLimiter model = new ModelLimiter();
    Recorder recorder = new Recorder();
    long now = START;
    Policy[] policies = new Policy[4];
    for (int i = 0; i < 20_000; i++) {
      for (Algorithm algorithm : Algorithm.values()) {
        if (i % 50 == 0) {
          // A bucket's rate stays: a slower one would show what the store forgets and the model
          // not.
          policies[algorithm.ordinal()] =
              algorithm == Algorithm.TOKEN_BUCKET
                  ? Rules.bucket(20, 60, 10 + random.nextInt(20))
                  : Rules.policy(algorithm, 10 + random.nextInt(20), 60);
        }
      }
      Match match =
          Rules.match(
              Rules.enforcing(1, policies[0]),
              Rules.enforcing(2, policies[1]),
              Rules.enforcing(3, policies[2]),
              Rules.shadow(4, policies[3]));
      now += random.nextInt(1_500_000);
      Check check = new Check("default", "c", "key-" + random.nextInt(2), 1 + random.nextInt(3));
      switch (random.nextInt(20)) {
        case 0 -> {
          Check reset = new Check("default", "c", check.limitKey(), 0);
          recorder.record(reset, model.reset(now, reset, match));
        }
        case 1, 2 -> recorder.record(check, model.refund(now, check, match, null));
        default -> recorder.record(check, model.check(now, check, match));
      }
    }
    Report witness = Witness.judge(recorder.log());
    assertThat(witness.judgedOf("adjustments")).isGreaterThan(1_000);
    assertThat(witness.holds()).as(witness.text()).isTrue();
    EventLog incomplete = EventLog.of(recorder.decisions(), List.of());
    assertThat(Witness.judge(incomplete).faultCount()).isPositive();
    assertThat(Bounds.judge(recorder.log()).leftOut()).containsEntry("keys: refunded or reset", 8L);
  }

  @Test
  void aBucketThatItsOldRateHadRefilledIsForgottenAsInTheStore() {
    Recorder recorder = new Recorder();
    Check check = new Check("default", "c", "key", 10);
    Match fast = Rules.match(Rules.enforcing(1, Rules.bucket(60, 60, 10)));
    Match slow = Rules.match(Rules.enforcing(1, Rules.bucket(1, 60, 10)));
    recorder.record(check, new ModelLimiter().check(START, check, fast));
    // Ten seconds later the key expires; the slower rate would have kept it for ten minutes.
    recorder.record(check, new ModelLimiter().check(START + 10_002_000, check, slow));
    Report witness = Witness.judge(recorder.log());
    assertThat(witness.holds()).as(witness.text()).isTrue();
  }

  @Test
  void whatCannotBeJudgedIsLeftOutAndCounted() {
    List<DecisionEvent> events =
        new ArrayList<>(saturated(Rules.match(minute(Algorithm.FIXED_WINDOW, LIMIT))).decisions());
    events.add(events.getFirst());
    events.replaceAll(e -> {
      boolean rebased = e.clientId().equals("client-1");
      return rebased ? withFirst(e, l -> limited(l, l.limit(), rebased(l.verdict()))) : e;
    });
    EventLog log = EventLog.of(events, List.of());
    log.leaveOut(key -> key.clientId().equals("client-2"), "data lost");
    for (Report report : List.of(Bounds.judge(log), Witness.judge(log))) {
      assertThat(report.holds()).isTrue();
      assertThat(report.judgedOf("keys")).isEqualTo(1);
      assertThat(report.leftOut())
          .containsEntry("decisions told twice", 1L)
          .containsEntry("keys: data lost", 1L)
          .containsEntry("keys: the clock went back by more than the window", 1L);
      assertThat(report.text()).contains("holds", "1 keys", "1 keys: data lost");
    }
  }

  private static DecisionEvent.Verdict rebased(DecisionEvent.Verdict v) {
    return new DecisionEvent.Verdict(
        v.remaining(), v.resetAtMillis(), v.allowed(), v.atMicros(), true, v.charged());
  }

  @Test
  void anEmptyLogProvesNothing() {
    EventLog log = EventLog.of(List.of(), List.of());
    assertThat(Bounds.judge(log).holds()).isFalse();
    assertThat(Witness.judge(log).holds()).isFalse();
  }
}
