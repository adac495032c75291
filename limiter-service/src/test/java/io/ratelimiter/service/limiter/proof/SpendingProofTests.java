package io.ratelimiter.service.limiter.proof;

import static org.assertj.core.api.Assertions.assertThat;

import io.ratelimiter.schemas.AdjustmentEvent;
import io.ratelimiter.schemas.DecisionEvent;
import io.ratelimiter.service.rules.Algorithm;
import io.ratelimiter.service.rules.Policy;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Bounds and witness find no fault in correct runs with priorities, waits and settlements. */
class SpendingProofTests {

  private static void assertHolds(EventLog log) {
    for (Report report : List.of(Bounds.judge(log), Witness.judge(log))) {
      assertThat(report.holds()).as(report.text()).isTrue();
    }
  }

  @ParameterizedTest
  @EnumSource
  void aRunOfAllPrioritiesHolds(Algorithm algorithm) {
    Recorder run = SpendingRuns.prioritized(algorithm);
    assertHolds(run.log());
    assertThat(run.decisions())
        .filteredOn(DecisionEvent::allowed)
        .extracting(event -> event.spending().priority())
        .contains("high", "normal", "low");
  }

  @Test
  void aRunOfWaitingChecksHolds() {
    Recorder run = SpendingRuns.waiting();
    assertHolds(run.log());
    Report witness = Witness.judge(run.log());
    assertThat(witness.judgedOf("waits")).isGreaterThan(100);
    assertThat(Bounds.judge(run.log()).judgedOf("blocks")).isGreaterThan(100);
  }

  /** The bound that {@link Bounds} derives, computed without the debt. */
  @Test
  void theStartTimesOfWaitingChecksAreWithinTheBoundOfTheBucket() {
    Recorder run = SpendingRuns.waitingForOneBucket();
    Map<String, List<DecisionEvent>> clients =
        run.decisions().stream()
            .filter(DecisionEvent::allowed)
            .collect(Collectors.groupingBy(DecisionEvent::clientId));
    assertThat(clients).hasSize(3);
    clients.values().forEach(SpendingProofTests::assertWithinTheBoundAtStart);
  }

  private static void assertWithinTheBoundAtStart(List<DecisionEvent> allowed) {
    Policy policy = Uses.policy(allowed.getFirst().limits().getFirst());
    Meter meter = Meter.of(policy);
    allowed.sort(Comparator.comparingLong(SpendingProofTests::start));
    for (DecisionEvent event : allowed) {
      meter.add(start(event), event.cost());
      assertThat(meter.within(policy.capacity(), 1)).as(event.decisionId()).isTrue();
    }
  }

  private static long start(DecisionEvent event) {
    return event.decidedAtMicros() + event.spending().waitMicros();
  }

  @ParameterizedTest
  @EnumSource
  void aRunOfSettledDecisionsHolds(Algorithm algorithm) {
    Recorder run = SpendingRuns.settled(algorithm, false);
    assertHolds(run.log());
    assertThat(Witness.judge(run.log()).judgedOf("settlements")).isGreaterThan(50);
    assertThat(run.adjustments())
        .flatExtracting(event -> event.limits())
        .anyMatch(limit -> limit.givenBack() > 0)
        .anyMatch(limit -> limit.taken() > 0)
        .anyMatch(limit -> limit.uncharged() > 0);
  }

  /** Many estimates are open at a time; some have left the counter when they are settled. */
  @ParameterizedTest
  @EnumSource
  void aRunOfLateSettlementsHolds(Algorithm algorithm) {
    Recorder run = SpendingRuns.settledLate(algorithm);
    assertHolds(run.log());
    assertThat(run.adjustments())
        .anyMatch(event -> back(event) > 0)
        .anyMatch(event -> back(event) < event.settled().estimate() - event.cost());
  }

  @ParameterizedTest
  @EnumSource
  void estimatesThatAreOpenTogetherHold(Algorithm algorithm) {
    assertHolds(SpendingRuns.settledOneAfterTheOther(algorithm).log());
  }

  private static long back(AdjustmentEvent event) {
    return event.limits().getFirst().givenBack();
  }

  /** As where the events of a run begin after the decision. */
  @Test
  void aSettlementOfAnUnknownDecisionLeavesItsKeyOut() {
    Recorder run = SpendingRuns.settled(Algorithm.TOKEN_BUCKET, false);
    String settled = run.adjustments().getFirst().settled().decisionId();
    List<DecisionEvent> others =
        run.decisions().stream().filter(event -> !event.decisionId().equals(settled)).toList();
    EventLog log = EventLog.of(others, run.adjustments());
    assertThat(Witness.judge(log).leftOut())
        .containsEntry("keys: settled for a decision that is not in the run", 1L)
        .containsEntry("settlements: settled for a decision that is not in the run", 1L);
    assertThat(Witness.judge(log).holds()).isTrue();
  }
}
