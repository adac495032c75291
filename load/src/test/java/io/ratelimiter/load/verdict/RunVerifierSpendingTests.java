package io.ratelimiter.load.verdict;

import static org.assertj.core.api.Assertions.assertThat;

import io.ratelimiter.schemas.AdjustmentEvent;
import io.ratelimiter.schemas.AdjustmentEvent.Settled;
import io.ratelimiter.schemas.DecisionEvent;
import io.ratelimiter.schemas.DecisionEvent.Spending;
import io.ratelimiter.schemas.DecisionEvent.Terms;
import io.ratelimiter.schemas.SeriesPosition;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A bucket of 10 units, refilled by 1 unit per second, with priorities, waits and settlements. */
class RunVerifierSpendingTests {

  private static final long SECOND = 1_000_000;
  private static final long BEGIN = 1_795_516_257 * SECOND;
  private static final int OVERDRAFT = 4;

  private final RunVerifier verifier = new RunVerifier(true);
  private int ids;

  private Verdict verdict() {
    return verifier.verdict(ids, ids);
  }

  @Test
  void aLowCheckWithinItsPartOfTheBucketIsClean() {
    low(BEGIN, 5);
    high(BEGIN + 1, 5);

    assertThat(verdict().clean()).isTrue();
  }

  @Test
  void aLowCheckAdmittedFromTheReserveIsReported() {
    high(BEGIN, 5);
    low(BEGIN + 1, 1);

    assertThat(verdict().clean()).isFalse();
  }

  @Test
  void aCheckThatWaitsForItsUnitsIsClean() {
    high(BEGIN, 10);
    waiting(BEGIN, 3, 3 * SECOND);

    assertThat(verdict().clean()).isTrue();
  }

  @Test
  void aWaitTooShortByAMillisecondIsReported() {
    high(BEGIN, 10);
    waiting(BEGIN, 3, 3 * SECOND - 1_000);

    assertThat(verdict().clean()).isFalse();
  }

  @Test
  void unitsThatASettlementGaveBackCanBeUsedAgain() {
    String id = high(BEGIN, 10);
    settle("a1", id, BEGIN + 1, 10, 4);
    high(BEGIN + 2, 6);

    assertThat(verdict().clean()).isTrue();
  }

  /** Of 10 units 4 are left after 6 s, and only 3 after 7 s. */
  @ParameterizedTest
  @CsvSource({"6, true", "7, false"})
  void aSettlementGivesBackAtMostWhatIsLeftOfItsCheck(int seconds, boolean clean) {
    long later = BEGIN + seconds * SECOND;
    String id = high(BEGIN, 10);
    high(later, seconds);
    settle("a1", id, later, 10, 6);
    high(later, 4);
    assertThat(verdict().clean()).isEqualTo(clean);
  }

  @Test
  void aSettlementThatIsAppliedTwiceIsReported() {
    String id = high(BEGIN, 10);
    settle("a1", id, BEGIN + 1, 10, 7);
    settle("a2", id, BEGIN + 2, 10, 7);
    high(BEGIN + 3, 6);

    assertThat(verdict().faults())
        .hasSize(2)
        .anyMatch(fault -> fault.equals("settled twice: " + id));
  }

  @Test
  void aSettlementThatChargesUpToTheOverdraftIsClean() {
    String id = high(BEGIN, 10);
    settle("a1", id, BEGIN, 10, 10 + OVERDRAFT);

    assertThat(verdict().clean()).isTrue();
  }

  @Test
  void aSettlementThatChargesBeyondTheOverdraftIsReported() {
    String id = high(BEGIN, 10);
    settle("a1", id, BEGIN, 10, 11 + OVERDRAFT);

    assertThat(verdict().clean()).isFalse();
  }

  private String high(long at, long cost) {
    return allow(at, cost, new Spending("high", 0, 0, 0), 0);
  }

  private void low(long at, long cost) {
    allow(at, cost, new Spending("low", 0, 0, 0), 5);
  }

  private void waiting(long at, long cost, long waitMicros) {
    allow(at, cost, new Spending("high", 10_000, waitMicros, 0), 0);
  }

  private String allow(long at, long cost, Spending spending, long reserve) {
    String id = "id-" + ids++;
    verifier.take(
        new DecisionEvent(
            id,
            new SeriesPosition("one", "a", 0, ids),
            "correlation",
            "default",
            "client",
            "global",
            Map.of(),
            cost,
            true,
            null,
            null,
            null,
            "redis",
            false,
            null,
            at,
            1,
            List.of(
                new DecisionEvent.Limit(
                    "rule",
                    1,
                    "default",
                    "*",
                    1,
                    "token_bucket",
                    60,
                    10L,
                    60,
                    "enforce",
                    false,
                    null,
                    new DecisionEvent.Verdict(0, 0, true, at, false, true),
                    new Terms(reserve, 10_000, OVERDRAFT))),
            spending));
    return id;
  }

  private void settle(String id, String decisionId, long at, long estimate, long cost) {
    verifier.take(
        new AdjustmentEvent(
            id,
            AdjustmentEvent.SETTLE,
            new SeriesPosition("one", "a", 0, 100),
            "correlation",
            "default",
            "client",
            "global",
            Map.of(),
            cost,
            null,
            at,
            List.of(
                new AdjustmentEvent.Limit(
                    "rule",
                    1,
                    "default",
                    "*",
                    1,
                    "token_bucket",
                    60,
                    10L,
                    60,
                    false,
                    null,
                    at,
                    false,
                    Math.max(0, estimate - cost),
                    Math.max(0, cost - estimate),
                    0)),
            new Settled(decisionId, estimate, 0)));
  }
}
