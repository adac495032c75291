package io.ratelimiter.auditor.topology;

import static io.ratelimiter.auditor.topology.TestRows.client;
import static io.ratelimiter.auditor.topology.TestRows.total;
import static io.ratelimiter.schemas.audit.Figure.*;
import static org.assertj.core.api.Assertions.assertThat;

import io.ratelimiter.auditor.TestDecision;
import io.ratelimiter.auditor.TestTerms;
import io.ratelimiter.schemas.Bounds;
import io.ratelimiter.schemas.audit.Dimension;
import io.ratelimiter.schemas.audit.Dimensions;
import io.ratelimiter.schemas.audit.Figure;
import io.ratelimiter.schemas.audit.Figures;
import io.ratelimiter.schemas.audit.Kind;
import io.ratelimiter.schemas.audit.Latencies;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
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

    Dimensions ofClient = client(T / 1000, 0, "c", "global", "default");
    Dimensions ofRule = total(T / 1000, 0, "default");
    assertThat(audit.rows().keySet().stream().filter(row -> row.kind() == Kind.CLIENT))
        .containsExactly(ofClient);
    assertThat(audit.rows().keySet().stream().filter(row -> row.kind() == Kind.TOTAL))
        .containsExactly(ofRule);
    Map<Figure, Long> expected = new HashMap<>();
    expected.put(ALLOWED_COUNT, 1L);
    expected.put(BLOCKED_COUNT, 1L);
    expected.put(COST_ALLOWED, 3L);
    expected.put(COST_BLOCKED, 5L);
    expected.put(LATENCY_SUM_US, 1100L);
    expected.put(LATENCY_MAX_US, 900L);
    expected.put(FIRST_EVENT_US, T * 1000);
    expected.put(LAST_EVENT_US, (T + 1) * 1000);
    expected.put(FIRST_BLOCKED_US, (T + 1) * 1000);
    expected.put(LAST_BLOCKED_US, (T + 1) * 1000);
    assertThat(audit.figures(ofClient)).isEqualTo(Figures.of(expected));
    assertThat(audit.figures(ofRule)).isEqualTo(Figures.of(expected));
    assertThat(latency(ofRule).counts()).containsExactly(1L, 1L);
  }

  @Test
  void aMinuteIsThatOfTheDecisionAndNotOfItsArrival() {
    audit.decide(TestDecision.allowed("c", (T + 59_999) * 1000), 1, T + 61_000);
    audit.decide(TestDecision.allowed("c", (T + 60_000) * 1000), 2, T + 61_000);
    audit.readPublished();

    assertThat(audit.figures("c", T).get(ALLOWED_COUNT)).isEqualTo(1);
    assertThat(audit.figures("c", T + MINUTE).get(ALLOWED_COUNT)).isEqualTo(1);
  }

  @Test
  void rowsAreAbsoluteAndTheirRevisionRises() {
    audit.decide(TestDecision.allowed("c", T * 1000), 1, T);
    audit.readPublished();
    assertThat(revisions()).containsOnly(1L);
    audit.decide(TestDecision.allowed("c", T * 1000), 2, T);
    audit.readPublished();

    assertThat(audit.figures("c", T).get(ALLOWED_COUNT)).isEqualTo(2);
    assertThat(revisions()).containsOnly(2L);
  }

  private Stream<Long> revisions() {
    return audit.rows().entrySet().stream()
        .filter(row -> row.getKey().kind() != Kind.UNIQUE_CLIENTS)
        .map(row -> row.getValue().revision());
  }

  @Test
  void anEventOlderThanTheLatenessIsCountedInTheMinuteOfItsArrival() {
    long arrival = T + 2 * HOUR;
    audit.decide(TestDecision.allowed("c", arrival * 1000), 1, arrival);
    audit.decide(TestDecision.allowed("c", (arrival - HOUR) * 1000), 2, arrival);
    audit.decide(TestDecision.allowed("c", (arrival - HOUR) * 1000 - 1000), 3, arrival);
    audit.readPublished();

    assertThat(audit.figures("c", arrival - HOUR).get(ALLOWED_COUNT)).isEqualTo(1);
    assertThat(audit.figures("c", arrival).get(ALLOWED_COUNT)).isEqualTo(2);
    assertThat(audit.figures("c", arrival).get(LATE_COUNT)).isEqualTo(1);
    assertThat(audit.counts.late).isEqualTo(1);
  }

  @Test
  void anEventMoreThanFiveMinutesAheadIsCountedInTheMinuteOfItsArrival() {
    audit.decide(TestDecision.allowed("c", (T + 5 * MINUTE) * 1000), 1, T);
    audit.decide(TestDecision.allowed("c", (T + 5 * MINUTE + 1) * 1000), 2, T);
    audit.readPublished();

    assertThat(audit.figures("c", T + 5 * MINUTE).get(ALLOWED_COUNT)).isEqualTo(1);
    assertThat(audit.figures("c", T).get(ALLOWED_COUNT)).isEqualTo(1);
    assertThat(audit.figures("c", T).get(LATE_COUNT)).isEqualTo(1);
  }

  @Test
  void aRecordOfAnAppendTimeThatWentBackIsMeasuredAgainstTheHighest() {
    audit.decide(TestDecision.allowed("c", (T + 2 * HOUR) * 1000), 1, T + 2 * HOUR);
    audit.decide(TestDecision.allowed("c", T * 1000), 2, T);
    audit.readPublished();

    assertThat(audit.figures("c", T + 2 * HOUR).get(LATE_COUNT)).isEqualTo(1);
  }

  @Test
  void failClosedIsAnErrorAndNeitherAllowedNorBlocked() {
    audit.decide(TestDecision.allowed("c", T * 1000).failedClosed(), 1, T);
    audit.readPublished();

    assertThat(audit.figures("c", T))
        .isEqualTo(
            Figures.of(
                Map.of(
                    ERROR_COUNT, 1L,
                    DEGRADED_COUNT, 1L,
                    LATENCY_SUM_US, 250L,
                    LATENCY_MAX_US, 250L,
                    FIRST_EVENT_US, T * 1000,
                    LAST_EVENT_US, T * 1000)));
  }

  @Test
  void aDecisionWithoutARuleNamesNothingOfTheCallerInTheTotals() {
    audit.decide(TestDecision.allowed("c", T * 1000).underRule(null), 1, T);
    audit.readPublished();

    assertThat(audit.rows())
        .containsKeys(client(T / 1000, 0, "c", "global", "(none)"), total(T / 1000, 0, "(none)"));
  }

  @Test
  void aShadowRuleHasRowsOfItsOwn() {
    audit.decide(TestDecision.allowed("c", T * 1000).withShadow(false), 1, T);
    audit.decide(TestDecision.allowed("c", T * 1000).withShadow(true), 2, T);
    audit.readPublished();

    Figures shadow =
        Figures.of(
            Map.of(
                SHADOW_CHECKED_COUNT, 2L,
                SHADOW_BLOCKED_COUNT, 1L,
                SHADOW_ONLY_BLOCKED_COUNT, 1L,
                FIRST_EVENT_US, T * 1000,
                LAST_EVENT_US, T * 1000));
    assertThat(audit.figures(client(T / 1000, 0, "c", "global", "stricter"))).isEqualTo(shadow);
    assertThat(audit.figures(total(T / 1000, 0, "stricter"))).isEqualTo(shadow);
    assertThat(audit.counts.decisions).isEqualTo(2);
  }

  @Test
  void withBlockedDetailAClientWithoutABlockIsKeptNowhereAndTotalsStayExact() {
    restart(TestTerms.of(1, 1, AuditTerms.ClientDetail.BLOCKED, TestTerms.WHOLE));
    audit.decide(TestDecision.allowed("good", T * 1000), 1, T);
    audit.decide(TestDecision.allowed("bad", T * 1000), 2, T);
    audit.decide(TestDecision.blocked("bad", T * 1000), 3, T);
    audit.readPublished();

    assertThat(audit.rows().keySet().stream().filter(row -> row.kind() == Kind.CLIENT))
        .extracting(row -> row.text(Dimension.CLIENT_ID))
        .containsExactly("bad");
    assertThat(audit.figures("bad", T).get(ALLOWED_COUNT)).isEqualTo(Figures.NONE);
    assertThat(audit.figures("bad", T).get(COST_ALLOWED)).isEqualTo(Figures.NONE);
    assertThat(audit.figures("bad", T).get(BLOCKED_COUNT)).isEqualTo(1);
    assertThat(audit.figures(total(T / 1000, 0, "default")).get(ALLOWED_COUNT)).isEqualTo(2);
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

    assertThat(audit.figures("c", T).get(COST_ALLOWED)).isEqualTo(2_000_000_000L);
    assertThat(audit.figures("c", T).get(LATENCY_SUM_US)).isEqualTo(172_800_000_000_000L);
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

    assertThat(audit.rows().keySet().stream().map(Dimensions::start))
        .as("neither the first minute, nor the hour and the day with it")
        .containsOnly(T / 1000 + 60);
    assertThat(audit.rows().values()).allMatch(row -> row.generation() == 2);
    assertThat(audit.watermark().wholeFrom()).isEqualTo(T / 1000 + 60);
  }

  @Test
  void aMinuteIsClosedByTheWatermarkAfterItsLastRowHasLeftTheStore() {
    audit.decide(TestDecision.allowed("c", T * 1000), 1, T);
    audit.readPublished();
    assertThat(audit.watermark().closedBefore()).isEqualTo((T - HOUR) / 1000);
    assertThat(audit.storedRows()).as("client, total, tenant, instance, hour, day").isEqualTo(6);

    audit.tick(T + 11 * MINUTE - 1);
    assertThat(audit.storedRows()).isEqualTo(6);
    audit.tick(T + 11 * MINUTE);
    assertThat(audit.storedRows()).as("hour and day").isEqualTo(2);

    audit.tick(T + HOUR + MINUTE - 1);
    assertThat(audit.watermark().closedBefore()).isEqualTo(T / 1000);
    audit.tick(T + HOUR + MINUTE);
    assertThat(audit.watermark().closedBefore()).isEqualTo((T + MINUTE) / 1000);

    audit.tick(T + 2 * HOUR);
    assertThat(audit.storedRows()).as("the day").isEqualTo(1);
    audit.tick(T + 13 * HOUR);
    assertThat(audit.storedRows()).isZero();
  }

  @Test
  void aLatencyQuantileIsAtMostTwoPercentOff() {
    for (int i = 1; i <= 1_000; i++) {
      audit.decide(TestDecision.allowed("c", T * 1000).withLatency(i * 10L), i, T);
    }
    audit.readPublished();

    Latencies latency = latency(total(T / 1000, 0, "default"));
    long seen = 0;
    int bucket = -1;
    for (int i = 0; seen < 950; i++) {
      seen += latency.counts().get(i);
      bucket = latency.buckets().get(i);
    }
    double p95 = Math.pow(1.02 / 0.98, bucket) * 1.02;
    assertThat(p95).isBetween(9_500 * 0.98, 9_500 * 1.02);
  }

  private Latencies latency(Dimensions row) {
    return Objects.requireNonNull(audit.rows().get(row).latency());
  }

  private void restart(AuditTerms terms) {
    audit.close();
    audit = new AuditHarness(terms);
  }
}
