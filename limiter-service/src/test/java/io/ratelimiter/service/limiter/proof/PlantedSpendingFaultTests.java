package io.ratelimiter.service.limiter.proof;

import static io.ratelimiter.service.limiter.proof.RunEvents.LIMIT;
import static io.ratelimiter.service.limiter.proof.RunEvents.adjusted;
import static io.ratelimiter.service.limiter.proof.RunEvents.allTaken;
import static io.ratelimiter.service.limiter.proof.RunEvents.with;
import static io.ratelimiter.service.limiter.proof.RunEvents.withVerdict;
import static org.assertj.core.api.Assertions.assertThat;

import io.ratelimiter.schemas.AdjustmentEvent;
import io.ratelimiter.schemas.DecisionEvent;
import io.ratelimiter.schemas.DecisionEvent.Spending;
import io.ratelimiter.service.rules.Algorithm;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Bounds and witness find each fault of priorities, waits and settlements that is planted. */
class PlantedSpendingFaultTests {

  private static int first(List<DecisionEvent> events, Predicate<DecisionEvent> wanted) {
    for (int i = 0; i < events.size(); i++) {
      if (wanted.test(events.get(i))) {
        return i;
      }
    }
    throw new AssertionError("no such event");
  }

  @ParameterizedTest
  @EnumSource
  void aLowCheckAdmittedFromTheReserveIsFoundByBoth(Algorithm algorithm) {
    List<DecisionEvent> events = new ArrayList<>(SpendingRuns.prioritized(algorithm).decisions());
    int low = first(events, event -> !event.allowed() && event.spending().priority().equals("low"));
    DecisionEvent blocked = events.get(low);
    events.set(
        low, with(blocked, true, List.of(withVerdict(blocked.limits().getFirst(), true, true, 0))));

    EventLog log = EventLog.of(events, List.of());

    String fault = "over-admission by " + blocked.decisionId() + " ";
    assertThat(Bounds.judge(log).faults()).anyMatch(f -> f.startsWith(fault));
    assertThat(Witness.judge(log).faults())
        .anyMatch(
            f -> f.startsWith(blocked.decisionId() + " ") && f.contains("reports allowed true"));
  }

  @Test
  void aWaitReportedTooShortByAMillisecondIsFoundByBoth() {
    List<DecisionEvent> events = new ArrayList<>(SpendingRuns.waiting().decisions());
    int waiting = first(events, event -> event.spending().waitMicros() > 1_000);
    DecisionEvent event = events.get(waiting);
    events.set(waiting, waiting(event, event.spending().waitMicros() - 1_000));

    EventLog log = EventLog.of(events, List.of());

    String fault = "over-admission by " + event.decisionId() + " ";
    assertThat(Bounds.judge(log).faults()).singleElement().asString().startsWith(fault);
    assertThat(Witness.judge(log).faults())
        .containsExactly(
            "%s reports a wait of %d µs, its limits have %d"
                .formatted(
                    event.decisionId(),
                    event.spending().waitMicros() - 1_000,
                    event.spending().waitMicros()));
  }

  @Test
  void aCheckThatWaitsLongerThanItMayIsFound() {
    List<DecisionEvent> events = new ArrayList<>(SpendingRuns.waiting().decisions());
    int waiting = first(events, event -> event.spending().waitMicros() > 1_000);
    DecisionEvent event = events.get(waiting);
    Spending spending = event.spending();
    long lessThanItsWait = spending.waitMicros() / 1_000;
    events.set(
        waiting,
        spent(event, new Spending(spending.priority(), lessThanItsWait, spending.waitMicros(), 0)));

    assertThat(Witness.judge(EventLog.of(events, List.of())).faults())
        .singleElement()
        .asString()
        .startsWith(event.decisionId() + " ")
        .contains("reports allowed true");
  }

  private static DecisionEvent waiting(DecisionEvent event, long waitMicros) {
    Spending spending = event.spending();
    return spent(
        event,
        new Spending(
            spending.priority(),
            spending.maxWaitMillis(),
            waitMicros,
            spending.settleWithinMillis()));
  }

  /** The bound of a sliding counter leaves out what remains of the previous window. */
  @ParameterizedTest
  @EnumSource
  void aSettlementThatTheStoreAppliesTwiceIsFound(Algorithm algorithm) {
    EventLog log = SpendingRuns.settled(algorithm, true).log();
    if (algorithm != Algorithm.SLIDING_WINDOW_COUNTER) {
      assertThat(Bounds.judge(log).faults()).anyMatch(f -> f.startsWith("over-admission"));
    }
    assertThat(Witness.judge(log).faultCount()).isPositive();
  }

  /** The bound of a sliding counter leaves out what remains of the previous window. */
  @ParameterizedTest
  @EnumSource
  void aSettlementThatGivesBackUnitsOfALaterWindowIsFound(Algorithm algorithm) {
    EventLog log = SpendingRuns.settledInALaterWindow(algorithm).log();
    String fault = "over-admission by over ";
    if (algorithm != Algorithm.SLIDING_WINDOW_COUNTER) {
      assertThat(Bounds.judge(log).faults()).singleElement().asString().startsWith(fault);
    }
    assertThat(Witness.judge(log).faults())
        .anyMatch(f -> f.contains("reports %d units given back, the model has 0".formatted(LIMIT)));
  }

  @Test
  void aSettlementPublishedTwiceIsFound() {
    Recorder run = SpendingRuns.settled(Algorithm.TOKEN_BUCKET, false);
    List<AdjustmentEvent> events = new ArrayList<>(run.adjustments());
    events.add(adjusted(events.getFirst(), "again", events.getFirst().limits()));

    assertThat(Witness.judge(EventLog.of(run.decisions(), events)).faults())
        .singleElement()
        .asString()
        .startsWith("again settles a second time");
  }

  /** The bound of a sliding counter leaves out what remains of the previous window. */
  @ParameterizedTest
  @EnumSource
  void aSettlementThatChargedBeyondTheOverdraftIsFound(Algorithm algorithm) {
    Recorder run = SpendingRuns.settled(algorithm, false);
    List<AdjustmentEvent> events = new ArrayList<>(run.adjustments());
    int cut = 0;
    while (events.get(cut).limits().getFirst().uncharged() < 2) {
      cut++;
    }
    AdjustmentEvent event = events.get(cut);
    AdjustmentEvent.Limit limit = event.limits().getFirst();
    events.set(cut, adjusted(event, event.adjustmentId(), List.of(allTaken(limit))));

    EventLog log = EventLog.of(run.decisions(), events);

    String fault = "charged beyond the overdraft by " + event.adjustmentId() + " ";
    if (algorithm != Algorithm.SLIDING_WINDOW_COUNTER) {
      assertThat(Bounds.judge(log).faults()).anyMatch(f -> f.startsWith(fault));
    }
    assertThat(Witness.judge(log).faults())
        .anyMatch(f ->
            f.startsWith(event.adjustmentId() + " at ") && f.contains("the model has room for"));
  }

  private static DecisionEvent spent(DecisionEvent event, Spending spending) {
    return RunEvents.with(event, event.allowed(), event.limits(), spending);
  }
}
