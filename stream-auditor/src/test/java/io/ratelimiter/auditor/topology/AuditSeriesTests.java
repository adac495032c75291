package io.ratelimiter.auditor.topology;

import static org.assertj.core.api.Assertions.assertThat;

import io.ratelimiter.auditor.TestDecision;
import io.ratelimiter.auditor.TestTerms;
import io.ratelimiter.schemas.SeriesPosition;
import io.ratelimiter.schemas.audit.Figure;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Received, duplicated and lost numbers of a series. */
class AuditSeriesTests {

  private static final long T = AuditHarness.START_MILLIS;
  private static final long MINUTE = 60_000;
  private static final long HOUR = 60 * MINUTE;

  private AuditHarness audit = new AuditHarness();

  @AfterEach
  void close() {
    audit.close();
  }

  @Test
  void aDuplicateRecordIsCountedOnce() {
    audit.decide(TestDecision.allowed("c", T * 1000), 1, T);
    audit.decide(TestDecision.allowed("c", T * 1000), 2, T);
    audit.decide(TestDecision.allowed("c", T * 1000), 1, T + 5);
    audit.readPublished();

    assertThat(audit.figures("c", T).get(Figure.ALLOWED_COUNT)).isEqualTo(2);
    assertThat(audit.one().duplicate()).isEqualTo(1);
    assertThat(audit.one().received()).isEqualTo(2);
    assertThat(audit.counts.duplicates).isEqualTo(1);
  }

  @Test
  void aGapThatIsFilledLateCountsInItsOwnMinuteAndIsNotLost() {
    audit.decide(TestDecision.allowed("c", T * 1000), 1, T);
    audit.decide(TestDecision.allowed("c", (T + 50 * MINUTE) * 1000), 4, T + 50 * MINUTE);
    audit.ledger(4, 0, false, T + 50 * MINUTE);
    audit.readPublished();
    assertThat(audit.one().lost()).isEqualTo(2);

    audit.decide(TestDecision.allowed("c", (T + 1) * 1000), 3, T + 51 * MINUTE);
    audit.decide(TestDecision.allowed("c", (T + 1) * 1000), 2, T + 51 * MINUTE);
    audit.decide(TestDecision.allowed("c", (T + 1) * 1000), 2, T + 51 * MINUTE);
    audit.readPublished();

    assertThat(audit.figures("c", T).get(Figure.ALLOWED_COUNT)).isEqualTo(3);
    assertThat(audit.figures("c", T).get(Figure.LATE_COUNT)).isZero();
    assertThat(audit.one().lost()).isZero();
    assertThat(audit.one().duplicate()).isEqualTo(1);
  }

  @Test
  void missingNumbersUpToTheSettledOneAreLostUnlessTheyWereDropped() {
    audit.decide(TestDecision.allowed("c", T * 1000), 2, T);
    audit.decide(TestDecision.allowed("c", T * 1000), 7, T);
    audit.ledger(5, 1, false, T);
    audit.readPublished();

    // 1, 3, 4 and 5 are missing up to 5; 6 may still be received.
    assertThat(audit.one().lost()).isEqualTo(3);
    assertThat(audit.counts.newlyLost).isEqualTo(3);
    assertThat(audit.counts.lost).isEqualTo(3);

    assertThat(audit.one().closed()).isFalse();
    assertThat(audit.one().unknownTail()).isNull();
  }

  @Test
  void anOrderlyStopClosesTheEpochAndItsTailIsKnown() {
    audit.decide(TestDecision.allowed("c", T * 1000), 1, T);
    audit.ledger(3, 0, true, T);
    audit.readPublished();

    assertThat(audit.one().closed()).isTrue();
    assertThat(audit.one().unknownTail()).isFalse();
    assertThat(audit.one().lost()).isEqualTo(2);
  }

  @Test
  void silenceClosesAnEpochAndAllThatIsMissingBelowTheHighestIsLost() {
    audit.decide(TestDecision.allowed("c", T * 1000), 2, T);
    audit.decide(TestDecision.allowed("c", T * 1000), 5, T);
    audit.ledger(3, 0, false, T);
    audit.readPublished();
    assertThat(audit.one().lost()).isEqualTo(2);

    audit.tick(T + HOUR - 1);
    assertThat(audit.one().closed()).isFalse();
    audit.tick(T + HOUR + MINUTE);

    assertThat(audit.one().closed()).isTrue();
    assertThat(audit.one().unknownTail()).isTrue();
    assertThat(audit.one().lost()).isEqualTo(3);
  }

  @Test
  void aLaterRecordOfAClosedEpochOpensItAgain() {
    audit.decide(TestDecision.allowed("c", T * 1000), 1, T);
    audit.decide(TestDecision.allowed("c", T * 1000), 3, T);
    audit.readPublished();
    audit.tick(T + 2 * HOUR);
    assertThat(audit.one().lost()).isEqualTo(1);

    audit.decide(TestDecision.allowed("c", (T + 2 * HOUR) * 1000), 2, T + 2 * HOUR);
    audit.decide(TestDecision.allowed("c", (T + 2 * HOUR) * 1000), 3, T + 2 * HOUR);
    audit.decide(TestDecision.allowed("c", (T + 2 * HOUR) * 1000), 4, T + 2 * HOUR);
    audit.readPublished();

    assertThat(audit.one().closed()).isFalse();
    assertThat(audit.one().lost()).isZero();
    assertThat(audit.one().received()).isEqualTo(4);
    assertThat(audit.one().duplicate()).isEqualTo(1);
  }

  @Test
  void aDuplicateLeavesAClosedEpochClosed() {
    audit.decide(TestDecision.allowed("c", T * 1000), 1, T);
    audit.decide(TestDecision.allowed("c", T * 1000), 3, T);
    audit.tick(T + 2 * HOUR);
    assertThat(audit.one().unknownTail()).isTrue();

    audit.decide(TestDecision.allowed("c", T * 1000), 3, T + 2 * HOUR);
    audit.readPublished();

    assertThat(audit.one().closed()).isTrue();
    assertThat(audit.one().unknownTail()).isTrue();
    assertThat(audit.one().lost()).isEqualTo(1);
    assertThat(audit.one().duplicate()).isEqualTo(1);
  }

  @Test
  void anOlderLedgerLeavesAClosedEpochClosed() {
    audit.decide(TestDecision.allowed("c", T * 1000), 1, T);
    audit.decide(TestDecision.allowed("c", T * 1000), 3, T);
    audit.ledger(3, 1, true, T);
    audit.ledger(2, 0, false, T);
    audit.ledger(3, 1, false, T);
    audit.readPublished();

    assertThat(audit.one().closed()).isTrue();
    assertThat(audit.one().unknownTail()).isFalse();
    assertThat(audit.one().lost()).isZero();
  }

  @Test
  void aLedgerOfAHigherNumberOpensAClosedEpochAgain() {
    audit.decide(TestDecision.allowed("c", T * 1000), 1, T);
    audit.ledger(1, 0, false, T);
    audit.tick(T + 2 * HOUR);
    audit.ledger(1, 0, false, T + 2 * HOUR);
    audit.readPublished();
    assertThat(audit.one().closed()).isTrue();

    audit.ledger(2, 0, false, T + 2 * HOUR);
    audit.readPublished();

    assertThat(audit.one().closed()).isFalse();
    assertThat(audit.one().unknownTail()).isNull();
    assertThat(audit.one().lost()).isEqualTo(1);
  }

  @Test
  void aClosedEpochIsRemovedOnlyWhenTheTopicKeepsNoRecordOfIt() {
    audit.decide(TestDecision.allowed("c", T * 1000), 1, T);
    audit.decide(TestDecision.allowed("c", T * 1000), 3, T);
    audit.tick(T + 6 * 24 * HOUR);
    audit.decide(TestDecision.allowed("c", T * 1000), 2, T + 6 * 24 * HOUR);
    audit.decide(TestDecision.allowed("c", T * 1000), 3, T + 6 * 24 * HOUR);
    audit.readPublished();
    assertThat(audit.one().duplicate()).isEqualTo(1);

    audit.tick(T + 7 * 24 * HOUR);
    audit.tick(T + 14 * 24 * HOUR);
    audit.decide(TestDecision.allowed("c", T * 1000), 3, T + 14 * 24 * HOUR);
    audit.readPublished();

    assertThat(audit.one().duplicate()).as("a new series of this name").isZero();
  }

  @Test
  void whereTheLogIsTrimmedNumbersBelowTheFirstSettledOneAreNeverLost() {
    restart(
        TestTerms.of(1, 1, AuditTerms.ClientDetail.ALL, new AuditTerms.Beginning(0, Set.of(0))));
    audit.decide(TestDecision.allowed("c", T * 1000), 100, T);
    audit.ledger(100, 10, false, T);
    audit.decide(TestDecision.allowed("c", T * 1000), 103, T);
    audit.ledger(103, 11, false, T);
    audit.decide(TestDecision.allowed("c", T * 1000), 40, T);
    audit.readPublished();

    // 101 and 102 are missing, one of them was dropped; 40 was received late.
    assertThat(audit.one().lost()).isEqualTo(1);
    assertThat(audit.one().received()).isEqualTo(3);
    assertThat(audit.one().duplicate()).isZero();
  }

  @Test
  void tooManyGapsDropTheLowestAndCountItsNumbers() {
    for (long seq = 2; seq <= 2 * 5_000; seq += 2) {
      audit.decide(TestDecision.allowed("c", T * 1000), seq, T);
    }
    audit.decide(TestDecision.allowed("c", T * 1000), 1, T);
    audit.ledger(10_000, 0, false, T);
    audit.readPublished();

    assertThat(audit.one().overflowed()).isEqualTo(5_000 - 4_096);
    assertThat(audit.one().received()).isEqualTo(5_000);
    assertThat(audit.one().duplicate()).as("1 is received, but not tracked any more").isEqualTo(1);
    assertThat(audit.one().lost()).isEqualTo(5_000);
  }

  @Test
  void theLossesOfAPartitionThatMovesAwayAreNotCountedHere() {
    AuditHarness.CountedAudit counts = audit.counts;
    audit.decide(TestDecision.allowed("c", T * 1000), 1, T);
    audit.decide(TestDecision.allowed("c", T * 1000), 3, T);
    audit.ledger(3, 0, true, T);
    audit.readPublished();
    assertThat(counts.lost).isEqualTo(1);

    audit.close();
    assertThat(counts.lost).isZero();
    audit = new AuditHarness();
  }

  @Test
  void twoEpochsOfAnInstanceAreTwoSeries() {
    audit.decide(TestDecision.allowed("c", T * 1000), new SeriesPosition("one", "a", 0, 1), T);
    audit.decide(TestDecision.allowed("c", T * 1000), new SeriesPosition("one", "b", 0, 1), T);
    audit.readPublished();

    assertThat(audit.figures("c", T).get(Figure.ALLOWED_COUNT)).isEqualTo(2);
    assertThat(audit.series()).containsOnlyKeys("one/a", "one/b");
  }

  private void restart(AuditTerms terms) {
    audit.close();
    audit = new AuditHarness(terms);
  }
}
