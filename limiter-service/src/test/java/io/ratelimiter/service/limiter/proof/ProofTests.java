package io.ratelimiter.service.limiter.proof;

import static io.ratelimiter.service.limiter.proof.RunEvents.LIMIT;
import static io.ratelimiter.service.limiter.proof.RunEvents.SEED;
import static io.ratelimiter.service.limiter.proof.RunEvents.START;
import static io.ratelimiter.service.limiter.proof.RunEvents.limited;
import static io.ratelimiter.service.limiter.proof.RunEvents.minute;
import static io.ratelimiter.service.limiter.proof.RunEvents.saturated;
import static io.ratelimiter.service.limiter.proof.RunEvents.saturatedTogether;
import static io.ratelimiter.service.limiter.proof.RunEvents.withFirst;
import static org.assertj.core.api.Assertions.assertThat;

import io.ratelimiter.schemas.DecisionEvent;
import io.ratelimiter.service.limiter.Check;
import io.ratelimiter.service.limiter.Rules;
import io.ratelimiter.service.limiter.local.ModelLimiter;
import io.ratelimiter.service.rules.Algorithm;
import io.ratelimiter.service.rules.Match;
import io.ratelimiter.service.rules.Policy;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Bounds and witness find no fault in a correct run, and state what they leave out. */
class ProofTests {

  @ParameterizedTest
  @EnumSource
  void aCorrectRunHolds(Algorithm algorithm) {
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
  void aSharedCounterIsReplayedOverAllOfItsClients(Algorithm algorithm) {
    EventLog log = saturatedTogether(algorithm, LIMIT).log();
    Report bounds = Bounds.judge(log);
    assertThat(bounds.holds()).as(bounds.text()).isTrue();
    assertThat(bounds.judgedOf("keys")).isEqualTo(1);
    Report witness = Witness.judge(log);
    assertThat(witness.holds()).as(witness.text()).isTrue();
    assertThat(witness.judgedOf("keys")).isEqualTo(1);
    assertThat(witness.judgedOf("verdicts")).isEqualTo(3_000);
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
          // The bucket's rate stays: under a slower one the store's key expires before the model's.
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
  void aBucketThatItsOldRateHadRefilledExpiresAsInTheStore() {
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
  void keysThatCannotBeJudgedAreLeftOutAndCounted() {
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
          .containsEntry("decisions published twice", 1L)
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
