package io.ratelimiter.auditor.topology;

import static org.assertj.core.api.Assertions.assertThat;

import io.ratelimiter.auditor.Decisions;
import io.ratelimiter.schemas.Bounds;
import io.ratelimiter.schemas.EventHeaders;
import io.ratelimiter.schemas.EventWriter;
import io.ratelimiter.schemas.LedgerEvent;
import io.ratelimiter.schemas.MinuteRow.Dimensions;
import io.ratelimiter.schemas.MinuteRow.Figures;
import io.ratelimiter.schemas.SeriesPosition;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Set;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Minutes, and what cannot be read. */
class AuditTopologyTests {

  private static final long T = Audit.START_MILLIS;
  private static final long MINUTE = 60_000;
  private static final long HOUR = 60 * MINUTE;

  private Audit audit = new Audit();

  @AfterEach
  void close() {
    audit.close();
  }

  @Test
  void aDecisionIsInOneRowOfItsMinuteForTheClientAndInOneForTheRule() {
    audit.decide(Decisions.allowed("c", T * 1000).withCost(3).withLatency(200), 1, T);
    audit.decide(Decisions.blocked("c", (T + 1) * 1000).withCost(5).withLatency(900), 2, T);
    audit.told();

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
    audit.decide(Decisions.allowed("c", (T + 59_999) * 1000), 1, T + 61_000);
    audit.decide(Decisions.allowed("c", (T + 60_000) * 1000), 2, T + 61_000);
    audit.told();

    assertThat(audit.figures("c", T).allowed()).isEqualTo(1);
    assertThat(audit.figures("c", T + MINUTE).allowed()).isEqualTo(1);
  }

  @Test
  void rowsAreAbsoluteAndTheirRevisionRises() {
    audit.decide(Decisions.allowed("c", T * 1000), 1, T);
    audit.told();
    long first = audit.rows().values().iterator().next().revision();
    audit.decide(Decisions.allowed("c", T * 1000), 2, T);
    audit.told();

    assertThat(audit.figures("c", T).allowed()).isEqualTo(2);
    assertThat(audit.rows().values()).allMatch(row -> row.revision() == first + 1);
  }

  @Test
  void anEventOlderThanTheLatenessIsCountedInTheMinuteOfItsArrival() {
    long arrival = T + 2 * HOUR;
    audit.decide(Decisions.allowed("c", arrival * 1000), 1, arrival);
    audit.decide(Decisions.allowed("c", (arrival - HOUR) * 1000), 2, arrival);
    audit.decide(Decisions.allowed("c", (arrival - HOUR) * 1000 - 1000), 3, arrival);
    audit.told();

    assertThat(audit.figures("c", arrival - HOUR).allowed()).isEqualTo(1);
    assertThat(audit.figures("c", arrival).allowed()).isEqualTo(2);
    assertThat(audit.figures("c", arrival).late()).isEqualTo(1);
    assertThat(audit.counts.late).isEqualTo(1);
  }

  @Test
  void anEventMoreThanFiveMinutesAheadIsCountedInTheMinuteOfItsArrival() {
    audit.decide(Decisions.allowed("c", (T + 5 * MINUTE) * 1000), 1, T);
    audit.decide(Decisions.allowed("c", (T + 5 * MINUTE + 1) * 1000), 2, T);
    audit.told();

    assertThat(audit.figures("c", T + 5 * MINUTE).allowed()).isEqualTo(1);
    assertThat(audit.figures("c", T).allowed()).isEqualTo(1);
    assertThat(audit.figures("c", T).late()).isEqualTo(1);
  }

  @Test
  void aRecordOfAnAppendTimeThatWentBackIsMeasuredAgainstTheHighest() {
    audit.decide(Decisions.allowed("c", (T + 2 * HOUR) * 1000), 1, T + 2 * HOUR);
    audit.decide(Decisions.allowed("c", T * 1000), 2, T);
    audit.told();

    assertThat(audit.figures("c", T + 2 * HOUR).late()).isEqualTo(1);
  }

  @Test
  void failClosedIsAnErrorAndNeitherAllowedNorBlocked() {
    audit.decide(Decisions.allowed("c", T * 1000).failedClosed(), 1, T);
    audit.told();

    assertThat(audit.figures("c", T))
        .isEqualTo(new Figures(0L, 0, 1, 1, 0, 0, 0, 0L, 0, 250, 250, T * 1000, T * 1000, null));
  }

  @Test
  void aDecisionWithoutARuleNamesNothingOfTheCallerInTheTotals() {
    audit.decide(Decisions.allowed("c", T * 1000).underRule(null), 1, T);
    audit.told();

    assertThat(audit.rows())
        .containsOnlyKeys(
            new Dimensions(T / 1000, "default", "c", "global", "(none)", "(none)"),
            new Dimensions(T / 1000, "(none)", null, "(none)", "(none)", "(none)"));
  }

  @Test
  void aShadowRuleHasRowsOfItsOwn() {
    audit.decide(Decisions.allowed("c", T * 1000).withShadow(false), 1, T);
    audit.decide(Decisions.allowed("c", T * 1000).withShadow(true), 2, T);
    audit.told();

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
    restart(
        new AuditTerms(
            1,
            1,
            Duration.ofHours(1),
            AuditTerms.ClientDetail.BLOCKED,
            AuditTerms.Beginning.WHOLE,
            Duration.ofDays(7)));
    audit.decide(Decisions.allowed("good", T * 1000), 1, T);
    audit.decide(Decisions.allowed("bad", T * 1000), 2, T);
    audit.decide(Decisions.blocked("bad", T * 1000), 3, T);
    audit.told();

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
  void whatCannotBeReadIsADeadLetterWithItsReasonAndItsBytes() {
    byte[] text = "no JSON".getBytes(StandardCharsets.UTF_8);
    audit.send(EventHeaders.TYPE_DECISION, text, T);
    audit.send(EventHeaders.TYPE_DECISION, null, T);
    audit.send("decision.v9", text, T);
    audit.send(null, text, T);
    audit.send(
        EventHeaders.TYPE_DECISION, "{\"schema_version\": 7}".getBytes(StandardCharsets.UTF_8), T);
    audit.decide(Decisions.allowed("nul\0", T * 1000), 1, T);
    audit.decide(Decisions.allowed("c", Long.MAX_VALUE), 1, T);
    audit.decide(Decisions.allowed("c", T * 1000), 1, T);
    audit.told();

    assertThat(audit.dead()).hasSize(7);
    assertThat(audit.dead().getFirst().value()).isEqualTo(text);
    assertThat(audit.dead().stream().map(AuditTopologyTests::reason))
        .satisfiesExactly(
            reason -> assertThat(reason).startsWith("value is not JSON"),
            reason -> assertThat(reason).isEqualTo("value is null"),
            reason -> assertThat(reason).isEqualTo("ce_type is unknown: decision.v9"),
            reason -> assertThat(reason).isEqualTo("header ce_type is missing"),
            reason -> assertThat(reason).isEqualTo("schema_version is 7, known is 1"),
            reason -> assertThat(reason).isEqualTo("client_id holds a NUL character"),
            reason -> assertThat(reason).startsWith("decided_at_us is 9223372036854775807"));
    assertThat(audit.counts.deadLetters).isEqualTo(7);
    assertThat(audit.figures("c", T).allowed()).isEqualTo(1);
  }

  @Test
  void aRecordThatWouldNotFitATableIsSetAsideAndChangesNothing() {
    audit.decide(Decisions.allowed("x".repeat(40_000), T * 1000), 1, T);
    audit.decide(Decisions.allowed("x".repeat(3_000), T * 1000), 1, T);
    audit.decide(Decisions.allowed("c", T * 1000).onKey("k".repeat(257)), 1, T);
    audit.decide(Decisions.allowed("half \ud83d", T * 1000), 1, T);
    audit.decide(Decisions.allowed("c", T * 1000), Long.MAX_VALUE, T);
    audit.decide(Decisions.allowed("c", T * 1000).withCost(Long.MAX_VALUE), 1, T);
    audit.decide(Decisions.allowed("c", T * 1000).withLatency(Long.MAX_VALUE), 1, T);
    audit.decide(
        Decisions.allowed("c", T * 1000), new SeriesPosition("i".repeat(40_000), "a", 0, 1), T);
    audit.ledger(new LedgerEvent("one", "a", 0, Long.MAX_VALUE, 0, 0, 0, 0, 0, false, null), T);
    audit.told();

    assertThat(audit.dead().stream().map(AuditTopologyTests::reason))
        .containsExactly(
            "client_id has 40000 bytes of UTF-8, more than 256",
            "client_id has 3000 bytes of UTF-8, more than 256",
            "limit_key has 257 bytes of UTF-8, more than 256",
            "client_id holds a lone surrogate",
            "seq is 9223372036854775807, not from 1 to 9007199254740991",
            "cost is 9223372036854775807, not from 1 to 1000000",
            "latency_us is 9223372036854775807, not from 0 to 86400000000",
            "decision_id has 40004 bytes of UTF-8, more than 256",
            "issued is 9223372036854775807, not from 0 to 9007199254740991");
    assertThat(audit.rows()).isEmpty();
    assertThat(audit.series()).isEmpty();
  }

  @Test
  void aRecordOnAnotherPartitionThanItsValueNamesIsSetAsideAndNotCountedTwice() {
    EventWriter writer = new EventWriter();
    byte[] here =
        writer.decision(Decisions.allowed("c", T * 1000).at(new SeriesPosition("one", "a", 0, 1)));
    byte[] elsewhere =
        writer.decision(Decisions.allowed("c", T * 1000).at(new SeriesPosition("one", "a", 5, 1)));
    audit.send("default/c", EventHeaders.TYPE_DECISION, here, T);
    audit.send("default/c", EventHeaders.TYPE_DECISION, elsewhere, T);
    audit.send("default/d", EventHeaders.TYPE_DECISION, here, T);
    audit.send("x".repeat(900_000), EventHeaders.TYPE_DECISION, here, T);
    audit.send(null, EventHeaders.TYPE_DECISION, here, T);
    audit.ledger(new LedgerEvent("one", "a", 5, 9, 0, 0, 0, 9, 0, true, false), T);
    audit.told();

    assertThat(audit.dead().stream().map(AuditTopologyTests::reason))
        .containsExactly(
            "partition is 5 in the value, the record stands on 0",
            "key is not tenant/client_id of the value",
            "key is not tenant/client_id of the value",
            "key is not tenant/client_id of the value",
            "partition is 5 in the value, the record stands on 0");
    assertThat(audit.dead().getFirst().value()).isEqualTo(elsewhere);
    assertThat(audit.dead().getFirst().key()).asString().isEqualTo("default/c");
    assertThat(audit.dead().getFirst().headers().lastHeader("ce_type").value())
        .asString()
        .isEqualTo("decision.v1");
    assertThat(audit.figures("c", T).allowed()).isEqualTo(1);
    assertThat(audit.one().received()).isEqualTo(1);
    assertThat(audit.one().duplicate()).isZero();
    assertThat(audit.one().closed()).isFalse();
  }

  /** Two partitions that count one client would overwrite each other's rows. */
  @Test
  void aRecordOnAnotherPartitionThanThatOfItsKeyIsSetAside() {
    restart(
        new AuditTerms(
            7,
            1,
            Duration.ofHours(1),
            AuditTerms.ClientDetail.ALL,
            AuditTerms.Beginning.WHOLE,
            Duration.ofDays(7)));
    for (int i = 0; i < 70; i++) {
      audit.decide(Decisions.allowed("c" + i, T * 1000), i + 1, T);
    }
    audit.told();

    assertThat(audit.dead())
        .hasSizeBetween(40, 69)
        .allSatisfy(
            record -> assertThat(reason(record)).startsWith("partition is 0, that of the key is "));
    assertThat(audit.counts.decisions).isEqualTo(70 - audit.dead().size());
  }

  @Test
  void sumsOfTheGreatestValuesStayWithinBounds() {
    for (int i = 0; i < 2_000; i++) {
      audit.decide(
          Decisions.allowed("c", T * 1000).withCost(1_000_000).withLatency(86_400_000_000L),
          i + 1,
          T);
    }
    audit.told();

    assertThat(audit.figures("c", T).costAllowed()).isEqualTo(2_000_000_000L);
    assertThat(audit.figures("c", T).latencySumMicros()).isEqualTo(172_800_000_000_000L);
    assertThat(Bounds.sum(Bounds.MAX_WHOLE, Bounds.MAX_LATENCY_MICROS)).isEqualTo(Bounds.MAX_WHOLE);
  }

  @Test
  void aRecordTooLargeForTheDeadLettersIsCutAndSetAside() {
    audit.send(EventHeaders.TYPE_DECISION, new byte[50 << 20], T);
    audit.decide(Decisions.allowed("c", T * 1000), 1, T);
    audit.told();

    assertThat(audit.dead())
        .singleElement()
        .satisfies(record -> {
          assertThat(record.value()).hasSizeBetween(500_000, 1 << 20);
          assertThat(record.headers().lastHeader("dead-letter-cut")).isNotNull();
        });
    assertThat(audit.figures("c", T).allowed()).isEqualTo(1);
  }

  @Test
  void minutesThatAreNotWholeAreNotTold() {
    restart(
        new AuditTerms(
            1,
            2,
            Duration.ofHours(1),
            AuditTerms.ClientDetail.ALL,
            new AuditTerms.Beginning(T / 1000 + 60, Set.of(0)),
            Duration.ofDays(7)));
    audit.decide(Decisions.allowed("c", T * 1000), 1, T);
    audit.decide(Decisions.allowed("c", (T + MINUTE) * 1000), 2, T + MINUTE);
    audit.told();

    assertThat(audit.rows().keySet().stream().map(Dimensions::windowStart))
        .containsOnly(T / 1000 + 60);
    assertThat(audit.rows().values()).allMatch(row -> row.generation() == 2);
    assertThat(audit.watermark().wholeFrom()).isEqualTo(T / 1000 + 60);
  }

  @Test
  void aClosedMinuteIsToldByTheWatermarkAndLeavesTheStore() {
    audit.decide(Decisions.allowed("c", T * 1000), 1, T);
    audit.told();
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
      audit.decide(Decisions.allowed("c", T * 1000).withLatency(i * 10L), i, T);
    }
    audit.told();

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
    audit = new Audit(terms);
  }

  private static String reason(TestRecord<byte[], byte[]> record) {
    Header header = record.headers().lastHeader("__streams.errors.message");
    return new String(header.value(), StandardCharsets.UTF_8);
  }
}
