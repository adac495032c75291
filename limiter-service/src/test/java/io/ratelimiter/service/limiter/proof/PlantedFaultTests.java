package io.ratelimiter.service.limiter.proof;

import static io.ratelimiter.service.limiter.proof.RunEvents.LIMIT;
import static io.ratelimiter.service.limiter.proof.RunEvents.START;
import static io.ratelimiter.service.limiter.proof.RunEvents.limited;
import static io.ratelimiter.service.limiter.proof.RunEvents.minute;
import static io.ratelimiter.service.limiter.proof.RunEvents.saturated;
import static io.ratelimiter.service.limiter.proof.RunEvents.saturatedTogether;
import static io.ratelimiter.service.limiter.proof.RunEvents.with;
import static io.ratelimiter.service.limiter.proof.RunEvents.withFirst;
import static io.ratelimiter.service.limiter.proof.RunEvents.withLimit;
import static io.ratelimiter.service.limiter.proof.RunEvents.withVerdict;
import static org.assertj.core.api.Assertions.assertThat;

import io.ratelimiter.schemas.DecisionEvent;
import io.ratelimiter.service.limiter.Rules;
import io.ratelimiter.service.rules.Algorithm;
import io.ratelimiter.service.rules.Match;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Bounds and witness find each fault that is planted in a run. */
class PlantedFaultTests {

  @ParameterizedTest
  @EnumSource
  void oneUnitTooManyIsFoundByBoth(Algorithm algorithm) {
    Recorder run = saturated(Rules.match(minute(algorithm, LIMIT + 1)));
    EventLog log = EventLog.of(withLimit(run.decisions(), LIMIT), List.of());
    assertThat(Bounds.judge(log).faults()).anyMatch(f -> f.startsWith("over-admission"));
    assertThat(Witness.judge(log).faultCount()).isPositive();
  }

  /** Each client alone is far below the limit. */
  @ParameterizedTest
  @EnumSource
  void oneUnitTooManyOfASharedCounterIsFoundByBoth(Algorithm algorithm) {
    Recorder run = saturatedTogether(algorithm, LIMIT + 1);
    EventLog log = EventLog.of(withLimit(run.decisions(), LIMIT), List.of());
    assertThat(Bounds.judge(log).faults()).anyMatch(f -> f.startsWith("over-admission"));
    assertThat(Witness.judge(log).faultCount()).isPositive();
  }

  @Test
  void anAllowedCheckDespiteALimitOf0IsFound() {
    List<DecisionEvent> events =
        new ArrayList<>(saturated(Rules.match(minute(Algorithm.FIXED_WINDOW, LIMIT))).decisions());
    events.set(0, withFirst(events.getFirst(), l -> limited(l, 0, null)));
    assertThat(Witness.judge(EventLog.of(events, List.of())).faults())
        .anyMatch(f -> f.equals("d1 reports allowed true despite a limit of 0"));
  }

  @ParameterizedTest
  @EnumSource
  void oneSingleAllowedCheckTooManyIsFoundByBoth(Algorithm algorithm) {
    List<DecisionEvent> events =
        new ArrayList<>(saturated(Rules.match(minute(algorithm, LIMIT))).decisions());
    // A client's last block within its window, in which the whole limit was granted.
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
            List.of(withVerdict(events.get(last).limits().getFirst(), true, true, 0))));
    EventLog log = EventLog.of(events, List.of());
    assertThat(Bounds.judge(log).faults()).anyMatch(f -> f.startsWith("over-admission"));
    assertThat(Witness.judge(log).faults()).anyMatch(f -> f.contains("reports allowed true"));
  }

  @ParameterizedTest
  @EnumSource
  void aLimitThatGrantsTooLittleIsFound(Algorithm algorithm) {
    Recorder run = saturated(Rules.match(minute(algorithm, LIMIT - 2)));
    EventLog log = EventLog.of(withLimit(run.decisions(), LIMIT), List.of());
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
        e.allowed()
            ? e
            : withFirst(e, l -> withVerdict(l, true, true, l.verdict().remaining() - 1)));
    assertThat(Witness.judge(EventLog.of(events, List.of())).faults())
        .anyMatch(f -> f.contains("reports charged true on rule 1, allowed false"));
  }

  @Test
  void anAnswerThatContradictsItsLimitsIsFound() {
    List<DecisionEvent> events =
        new ArrayList<>(saturated(Rules.match(minute(Algorithm.FIXED_WINDOW, LIMIT))).decisions());
    events.replaceAll(e -> e.allowed() ? e : with(e, true, e.limits()));
    assertThat(Witness.judge(EventLog.of(events, List.of())).faults())
        .anyMatch(f -> f.contains("reports allowed true, its limits report false"));
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
            List.of(withVerdict(events.get(6).limits().getFirst(), false, false, 18))));
    EventLog log = EventLog.of(events, List.of());
    assertThat(Bounds.judge(log).faults()).anyMatch(f -> f.startsWith("blocked without need d7"));
    assertThat(Witness.judge(log).faults())
        .anyMatch(f -> f.startsWith("d7 ") && f.contains("reports allowed false"));
  }

  @ParameterizedTest
  @EnumSource
  void aRemainderThatIsOffByOneIsFound(Algorithm algorithm) {
    List<DecisionEvent> events =
        new ArrayList<>(saturated(Rules.match(minute(algorithm, LIMIT))).decisions());
    events.set(
        7, withFirst(events.get(7), l -> withVerdict(l, true, true, l.verdict().remaining() + 1)));
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
}
