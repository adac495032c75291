package io.ratelimiter.auditor.topology;

import static org.assertj.core.api.Assertions.assertThat;

import io.ratelimiter.auditor.TestDecision;
import io.ratelimiter.auditor.TestTerms;
import io.ratelimiter.schemas.Bounds;
import io.ratelimiter.schemas.audit.MinuteRow.Dimensions;
import io.ratelimiter.schemas.audit.MinuteRow.Figures;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The rows of minutes. */
class AuditMinutesTests {

  private static final long T = AuditHarness.START_MILLIS;
  private static final long MINUTE = 60_000;
  private static final long HOUR = 60 * MINUTE;

  private AuditHarness audit = new AuditHarness();

  @AfterEach
  void close() {
    audit.close();
  }

  @Test
  void aDecisionIsInOneRowOfItsMinuteForTheClientAndInOneForTheRule() {
    audit.decide(TestDecision.allowed("c", T * 1000).withCost(3).withLatency(200), 1, T);
    audit.decide(TestDecision.blocked("c", (T + 1) * 1000).withCost(5).withLatency(900), 2, T);
    audit.readPublished();

    Dimensions ofClient =
        new Dimensions(T / 1000, "default", "c", "global", "default", "token_bucket");
    Dimensions ofRule = new Dimensions(T / 1000, "default", null, "*", "default", "token_bucket");
    assertThat(audit.rows()).containsOnlyKeys(ofClient, ofRule);
    Figures expected =
        new Figures(1L, 1, 0, 0, 0, 0, 0, 3L, 5, 1100, 900, T * 1000, (T + 1) * 1000, null);
    assertThat(audit.rows().get(ofClient).figures()).isEqualTo(expected);
    assertThat(audit.rows().get(ofRule).figures())
        .usingRecursiveComparison()
        .ignoringFields("latency")
        .isEqualTo(expected);
    assertThat(audit.rows().get(ofRule).figures().latency().counts()).containsExactly(1L, 1L);
  }

  @Test
  void aMinuteIsThatOfTheDecisionAndNotOfItsArrival() {
    audit.decide(TestDecision.allowed("c", (T + 59_999) * 1000), 1, T + 61_000);
    audit.decide(TestDecision.allowed("c", (T + 60_000) * 1000), 2, T + 61_000);
    audit.readPublished();

    assertThat(audit.figures("c", T).allowed()).isEqualTo(1);
    assertThat(audit.figures("c", T + MINUTE).allowed()).isEqualTo(1);
  }

  @Test
  void rowsAreAbsoluteAndTheirRevisionRises() {
    audit.decide(TestDecision.allowed("c", T * 1000), 1, T);
    audit.readPublished();
    long first = audit.rows().values().iterator().next().revision();
    audit.decide(TestDecision.allowed("c", T * 1000), 2, T);
    audit.readPublished();

    assertThat(audit.figures("c", T).allowed()).isEqualTo(2);
    assertThat(audit.rows().values()).allMatch(row -> row.revision() == first + 1);
  }

  @Test
  void anEventOlderThanTheLatenessIsCountedInTheMinuteOfItsArrival() {
    long arrival = T + 2 * HOUR;
    audit.decide(TestDecision.allowed("c", arrival * 1000), 1, arrival);
    audit.decide(TestDecision.allowed("c", (arrival - HOUR) * 1000), 2, arrival);
    audit.decide(TestDecision.allowed("c", (arrival - HOUR) * 1000 - 1000), 3, arrival);
    audit.readPublished();

    assertThat(audit.figures("c", arrival - HOUR).allowed()).isEqualTo(1);
    assertThat(audit.figures("c", arrival).allowed()).isEqualTo(2);
    assertThat(audit.figures("c", arrival).late()).isEqualTo(1);
    assertThat(audit.counts.late).isEqualTo(1);
  }

  @Test
  void anEventMoreThanFiveMinutesAheadIsCountedInTheMinuteOfItsArrival() {
    audit.decide(TestDecision.allowed("c", (T + 5 * MINUTE) * 1000), 1, T);
    audit.decide(TestDecision.allowed("c", (T + 5 * MINUTE + 1) * 1000), 2, T);
    audit.readPublished();

    assertThat(audit.figures("c", T + 5 * MINUTE).allowed()).isEqualTo(1);
    assertThat(audit.figures("c", T).allowed()).isEqualTo(1);
    assertThat(audit.figures("c", T).late()).isEqualTo(1);
  }

  @Test
  void aRecordOfAnAppendTimeThatWentBackIsMeasuredAgainstTheHighest() {
    audit.decide(TestDecision.allowed("c", (T + 2 * HOUR) * 1000), 1, T + 2 * HOUR);
    audit.decide(TestDecision.allowed("c", T * 1000), 2, T);
    audit.readPublished();

    assertThat(audit.figures("c", T + 2 * HOUR).late()).isEqualTo(1);
  }

  @Test
  void failClosedIsAnErrorAndNeitherAllowedNorBlocked() {
    audit.decide(TestDecision.allowed("c", T * 1000).failedClosed(), 1, T);
    audit.readPublished();

    assertThat(audit.figures("c", T))
        .isEqualTo(new Figures(0L, 0, 1, 1, 0, 0, 0, 0L, 0, 250, 250, T * 1000, T * 1000, null));
  }

  @Test
  void aDecisionWithoutARuleNamesNothingOfTheCallerInTheTotals() {
    audit.decide(TestDecision.allowed("c", T * 1000).underRule(null), 1, T);
    audit.readPublished();

    assertThat(audit.rows())
        .containsOnlyKeys(
            new Dimensions(T / 1000, "default", "c", "global", "(none)", "(none)"),
            new Dimensions(T / 1000, "(none)", null, "(none)", "(none)", "(none)"));
  }

  @Test
  void aShadowRuleHasRowsOfItsOwn() {
    audit.decide(TestDecision.allowed("c", T * 1000).withShadow(false), 1, T);
    audit.decide(TestDecision.allowed("c", T * 1000).withShadow(true), 2, T);
    audit.readPublished();

    Figures shadow =
        audit
            .rows()
            .get(new Dimensions(T / 1000, "default", "c", "global", "stricter", "token_bucket"))
            .figures();
    assertThat(shadow)
        .isEqualTo(new Figures(0L, 0, 0, 0, 0, 2, 1, 0L, 0, 0, 0, T * 1000, T * 1000, null));
    assertThat(audit.counts.decisions).isEqualTo(2);
  }

  @Test
  void withBlockedDetailAClientWithoutABlockIsKeptNowhereAndTotalsStayExact() {
    restart(TestTerms.of(1, 1, AuditTerms.ClientDetail.BLOCKED, TestTerms.WHOLE));
    audit.decide(TestDecision.allowed("good", T * 1000), 1, T);
    audit.decide(TestDecision.allowed("bad", T * 1000), 2, T);
    audit.decide(TestDecision.blocked("bad", T * 1000), 3, T);
    audit.readPublished();

    assertThat(audit.rows().keySet().stream().map(Dimensions::clientId))
        .containsExactlyInAnyOrder("bad", null);
    assertThat(audit.figures("bad", T).allowed()).isNull();
    assertThat(audit.figures("bad", T).costAllowed()).isNull();
    assertThat(audit.figures("bad", T).blocked()).isEqualTo(1);
    assertThat(
            audit
                .rows()
                .get(new Dimensions(T / 1000, "default", null, "*", "default", "token_bucket"))
                .figures()
                .allowed())
        .isEqualTo(2);
  }

  @Test
  void sumsOfMaxValuesStayWithinBounds() {
    for (int i = 0; i < 2_000; i++) {
      audit.decide(
          TestDecision.allowed("c", T * 1000).withCost(1_000_000).withLatency(86_400_000_000L),
          i + 1,
          T);
    }
    audit.readPublished();

    assertThat(audit.figures("c", T).costAllowed()).isEqualTo(2_000_000_000L);
    assertThat(audit.figures("c", T).latencySumMicros()).isEqualTo(172_800_000_000_000L);
    assertThat(Bounds.sum(Bounds.MAX_WHOLE, Bounds.MAX_LATENCY_MICROS)).isEqualTo(Bounds.MAX_WHOLE);
  }

  @Test
  void minutesThatAreNotWholeAreNotPublished() {
    restart(
        TestTerms.of(
            1, 2, AuditTerms.ClientDetail.ALL, new AuditTerms.Beginning(T / 1000 + 60, Set.of(0))));
    audit.decide(TestDecision.allowed("c", T * 1000), 1, T);
    audit.decide(TestDecision.allowed("c", (T + MINUTE) * 1000), 2, T + MINUTE);
    audit.readPublished();

    assertThat(audit.rows().keySet().stream().map(Dimensions::windowStart))
        .containsOnly(T / 1000 + 60);
    assertThat(audit.rows().values()).allMatch(row -> row.generation() == 2);
    assertThat(audit.watermark().wholeFrom()).isEqualTo(T / 1000 + 60);
  }

  @Test
  void aClosedMinuteIsPublishedByTheWatermarkAndLeavesTheStore() {
    audit.decide(TestDecision.allowed("c", T * 1000), 1, T);
    audit.readPublished();
    assertThat(audit.watermark().closedBefore()).isEqualTo((T - HOUR) / 1000);
    assertThat(audit.storedRows()).isEqualTo(2);

    audit.tick(T + HOUR + MINUTE - 1);
    assertThat(audit.watermark().closedBefore()).isEqualTo(T / 1000);
    assertThat(audit.storedRows()).isEqualTo(2);
    audit.tick(T + HOUR + MINUTE);

    assertThat(audit.watermark().closedBefore()).isEqualTo((T + MINUTE) / 1000);
    assertThat(audit.storedRows()).isZero();
  }

  @Test
  void aLatencyQuantileIsAtMostTwoPercentOff() {
    for (int i = 1; i <= 1_000; i++) {
      audit.decide(TestDecision.allowed("c", T * 1000).withLatency(i * 10L), i, T);
    }
    audit.readPublished();

    var latency =
        audit
            .rows()
            .get(new Dimensions(T / 1000, "default", null, "*", "default", "token_bucket"))
            .figures()
            .latency();
    long seen = 0;
    int bucket = -1;
    for (int i = 0; seen < 950; i++) {
      seen += latency.counts().get(i);
      bucket = latency.buckets().get(i);
    }
    double p95 = Math.pow(1.02 / 0.98, bucket) * 1.02;
    assertThat(p95).isBetween(9_500 * 0.98, 9_500 * 1.02);
  }

  private void restart(AuditTerms terms) {
    audit.close();
    audit = new AuditHarness(terms);
  }
}
