package io.ratelimiter.auditor.topology;

import static org.assertj.core.api.Assertions.assertThat;

import io.ratelimiter.auditor.Decisions;
import io.ratelimiter.schemas.SeriesPosition;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What of a series came, came twice, will never come. */
class AuditSeriesTests {

  private static final long T = Audit.START_MILLIS;
  private static final long MINUTE = 60_000;
  private static final long HOUR = 60 * MINUTE;

  private Audit audit = new Audit();

  @AfterEach
  void close() {
    audit.close();
  }

  @Test
  void aRecordThatComesTwiceIsCountedOnce() {
    audit.decide(Decisions.allowed("c", T * 1000), 1, T);
    audit.decide(Decisions.allowed("c", T * 1000), 2, T);
    audit.decide(Decisions.allowed("c", T * 1000), 1, T + 5);
    audit.told();

    assertThat(audit.figures("c", T).allowed()).isEqualTo(2);
    assertThat(audit.one().duplicate()).isEqualTo(1);
    assertThat(audit.one().received()).isEqualTo(2);
    assertThat(audit.counts.duplicates).isEqualTo(1);
  }

  @Test
  void aGapThatIsFilledLateCountsInItsOwnMinuteAndIsNotLost() {
    audit.decide(Decisions.allowed("c", T * 1000), 1, T);
    audit.decide(Decisions.allowed("c", (T + 50 * MINUTE) * 1000), 4, T + 50 * MINUTE);
    audit.ledger(4, 0, false, T + 50 * MINUTE);
    audit.told();
    assertThat(audit.one().lost()).isEqualTo(2);

    audit.decide(Decisions.allowed("c", (T + 1) * 1000), 3, T + 51 * MINUTE);
    audit.decide(Decisions.allowed("c", (T + 1) * 1000), 2, T + 51 * MINUTE);
    audit.decide(Decisions.allowed("c", (T + 1) * 1000), 2, T + 51 * MINUTE);
    audit.told();

    assertThat(audit.figures("c", T).allowed()).isEqualTo(3);
    assertThat(audit.figures("c", T).late()).isZero();
    assertThat(audit.one().lost()).isZero();
    assertThat(audit.one().duplicate()).isEqualTo(1);
  }

  @Test
  void whatIsMissingUpToTheSettledNumberIsLostUnlessItWasDropped() {
    audit.decide(Decisions.allowed("c", T * 1000), 2, T);
    audit.decide(Decisions.allowed("c", T * 1000), 7, T);
    audit.ledger(5, 1, false, T);
    audit.told();

    // 1, 3, 4 and 5 are missing up to 5; 6 may still come.
    assertThat(audit.one().lost()).isEqualTo(3);
    assertThat(audit.counts.newlyLost).isEqualTo(3);
    assertThat(audit.counts.lost).isEqualTo(3);
    assertThat(audit.one().closed()).isFalse();
    assertThat(audit.one().unknownTail()).isNull();
  }

  @Test
  void anOrderlyStopClosesTheEpochAndItsTailIsKnown() {
    audit.decide(Decisions.allowed("c", T * 1000), 1, T);
    audit.ledger(3, 0, true, T);
    audit.told();

    assertThat(audit.one().closed()).isTrue();
    assertThat(audit.one().unknownTail()).isFalse();
    assertThat(audit.one().lost()).isEqualTo(2);
  }

  @Test
  void silenceClosesAnEpochAndAllThatIsMissingBelowTheHighestIsLost() {
    audit.decide(Decisions.allowed("c", T * 1000), 2, T);
    audit.decide(Decisions.allowed("c", T * 1000), 5, T);
    audit.ledger(3, 0, false, T);
    audit.told();
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
    audit.decide(Decisions.allowed("c", T * 1000), 1, T);
    audit.decide(Decisions.allowed("c", T * 1000), 3, T);
    audit.told();
    audit.tick(T + 2 * HOUR);
    assertThat(audit.one().lost()).isEqualTo(1);

    audit.decide(Decisions.allowed("c", (T + 2 * HOUR) * 1000), 2, T + 2 * HOUR);
    audit.decide(Decisions.allowed("c", (T + 2 * HOUR) * 1000), 3, T + 2 * HOUR);
    audit.decide(Decisions.allowed("c", (T + 2 * HOUR) * 1000), 4, T + 2 * HOUR);
    audit.told();

    assertThat(audit.one().closed()).isFalse();
    assertThat(audit.one().lost()).isZero();
    assertThat(audit.one().received()).isEqualTo(4);
    assertThat(audit.one().duplicate()).isEqualTo(1);
  }

  @Test
  void aDuplicateLeavesAClosedEpochClosed() {
    audit.decide(Decisions.allowed("c", T * 1000), 1, T);
    audit.decide(Decisions.allowed("c", T * 1000), 3, T);
    audit.tick(T + 2 * HOUR);
    assertThat(audit.one().unknownTail()).isTrue();

    audit.decide(Decisions.allowed("c", T * 1000), 3, T + 2 * HOUR);
    audit.told();

    assertThat(audit.one().closed()).isTrue();
    assertThat(audit.one().unknownTail()).isTrue();
    assertThat(audit.one().lost()).isEqualTo(1);
    assertThat(audit.one().duplicate()).isEqualTo(1);
  }

  @Test
  void anOlderLedgerLeavesAClosedEpochClosed() {
    audit.decide(Decisions.allowed("c", T * 1000), 1, T);
    audit.decide(Decisions.allowed("c", T * 1000), 3, T);
    audit.ledger(3, 1, true, T);
    audit.ledger(2, 0, false, T);
    audit.ledger(3, 1, false, T);
    audit.told();

    assertThat(audit.one().closed()).isTrue();
    assertThat(audit.one().unknownTail()).isFalse();
    assertThat(audit.one().lost()).isZero();
  }

  @Test
  void aLedgerOfAHigherNumberOpensAClosedEpochAgain() {
    audit.decide(Decisions.allowed("c", T * 1000), 1, T);
    audit.ledger(1, 0, false, T);
    audit.tick(T + 2 * HOUR);
    audit.ledger(1, 0, false, T + 2 * HOUR);
    audit.told();
    assertThat(audit.one().closed()).isTrue();

    audit.ledger(2, 0, false, T + 2 * HOUR);
    audit.told();

    assertThat(audit.one().closed()).isFalse();
    assertThat(audit.one().unknownTail()).isNull();
    assertThat(audit.one().lost()).isEqualTo(1);
  }

  @Test
  void aClosedEpochIsForgottenOnlyWhenTheTopicKeepsNoRecordOfIt() {
    audit.decide(Decisions.allowed("c", T * 1000), 1, T);
    audit.decide(Decisions.allowed("c", T * 1000), 3, T);
    audit.tick(T + 6 * 24 * HOUR);
    audit.decide(Decisions.allowed("c", T * 1000), 2, T + 6 * 24 * HOUR);
    audit.decide(Decisions.allowed("c", T * 1000), 3, T + 6 * 24 * HOUR);
    audit.told();
    assertThat(audit.one().duplicate()).isEqualTo(1);

    audit.tick(T + 7 * 24 * HOUR);
    audit.tick(T + 14 * 24 * HOUR);
    audit.decide(Decisions.allowed("c", T * 1000), 3, T + 14 * 24 * HOUR);
    audit.told();

    assertThat(audit.one().duplicate()).as("a new series of this name").isZero();
  }

  @Test
  void whereTheLogIsTrimmedNumbersBelowTheFirstSettledOneAreNeverLost() {
    restart(
        new AuditTerms(
            1,
            1,
            Duration.ofHours(1),
            AuditTerms.ClientDetail.ALL,
            new AuditTerms.Beginning(0, Set.of(0)),
            Duration.ofDays(7)));
    audit.decide(Decisions.allowed("c", T * 1000), 100, T);
    audit.ledger(100, 10, false, T);
    audit.decide(Decisions.allowed("c", T * 1000), 103, T);
    audit.ledger(103, 11, false, T);
    audit.decide(Decisions.allowed("c", T * 1000), 40, T);
    audit.told();

    // 101 and 102 are missing, one of them was dropped; 40 came after all.
    assertThat(audit.one().lost()).isEqualTo(1);
    assertThat(audit.one().received()).isEqualTo(3);
    assertThat(audit.one().duplicate()).isZero();
  }

  @Test
  void tooManyGapsGiveUpTheLowestAndSayHowMany() {
    for (long seq = 2; seq <= 2 * 5_000; seq += 2) {
      audit.decide(Decisions.allowed("c", T * 1000), seq, T);
    }
    audit.decide(Decisions.allowed("c", T * 1000), 1, T);
    audit.ledger(10_000, 0, false, T);
    audit.told();

    assertThat(audit.one().overflowed()).isEqualTo(5_000 - 4_096);
    assertThat(audit.one().received()).isEqualTo(5_000);
    assertThat(audit.one().duplicate()).as("1 came, but is not waited for any more").isEqualTo(1);
    assertThat(audit.one().lost()).isEqualTo(5_000);
  }

  @Test
  void twoEpochsOfAnInstanceAreTwoSeries() {
    audit.decide(Decisions.allowed("c", T * 1000), new SeriesPosition("one", "a", 0, 1), T);
    audit.decide(Decisions.allowed("c", T * 1000), new SeriesPosition("one", "b", 0, 1), T);
    audit.told();

    assertThat(audit.figures("c", T).allowed()).isEqualTo(2);
    assertThat(audit.series()).containsOnlyKeys("one/a", "one/b");
  }

  private void restart(AuditTerms terms) {
    audit.close();
    audit = new Audit(terms);
  }
}
