package io.ratelimiter.auditor.topology;

import static org.assertj.core.api.Assertions.assertThat;

import io.ratelimiter.auditor.TestDecision;
import io.ratelimiter.auditor.TestTerms;
import io.ratelimiter.schemas.EventHeaders;
import io.ratelimiter.schemas.EventWriter;
import io.ratelimiter.schemas.LedgerEvent;
import io.ratelimiter.schemas.SeriesPosition;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Records that are not counted: unreadable, out of bounds or misplaced. */
class AuditDeadLettersTests {

  private static final long T = AuditHarness.START_MILLIS;

  private AuditHarness audit = new AuditHarness();

  @AfterEach
  void close() {
    audit.close();
  }

  @Test
  void anUnreadableRecordBecomesADeadLetterWithItsReasonAndItsBytes() {
    byte[] text = "no JSON".getBytes(StandardCharsets.UTF_8);
    audit.send(EventHeaders.TYPE_DECISION, text, T);
    audit.send(EventHeaders.TYPE_DECISION, null, T);
    audit.send("decision.v9", text, T);
    audit.send(null, text, T);
    audit.send(
        EventHeaders.TYPE_DECISION, "{\"schema_version\": 7}".getBytes(StandardCharsets.UTF_8), T);
    audit.decide(TestDecision.allowed("nul\0", T * 1000), 1, T);
    audit.decide(TestDecision.allowed("c", Long.MAX_VALUE), 1, T);
    audit.decide(TestDecision.allowed("c", T * 1000), 1, T);
    audit.readPublished();

    assertThat(audit.dead()).hasSize(7);
    assertThat(audit.dead().getFirst().value()).isEqualTo(text);
    assertThat(audit.dead().stream().map(AuditDeadLettersTests::reason))
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
  void aRecordThatWouldNotFitATableBecomesADeadLetterAndChangesNothing() {
    audit.decide(TestDecision.allowed("x".repeat(40_000), T * 1000), 1, T);
    audit.decide(TestDecision.allowed("x".repeat(3_000), T * 1000), 1, T);
    audit.decide(TestDecision.allowed("c", T * 1000).onKey("k".repeat(257)), 1, T);
    audit.decide(TestDecision.allowed("half \ud83d", T * 1000), 1, T);
    audit.decide(TestDecision.allowed("c", T * 1000), Long.MAX_VALUE, T);
    audit.decide(TestDecision.allowed("c", T * 1000).withCost(Long.MAX_VALUE), 1, T);
    audit.decide(TestDecision.allowed("c", T * 1000).withLatency(Long.MAX_VALUE), 1, T);
    audit.decide(
        TestDecision.allowed("c", T * 1000), new SeriesPosition("i".repeat(40_000), "a", 0, 1), T);
    audit.ledger(new LedgerEvent("one", "a", 0, Long.MAX_VALUE, 0, 0, 0, 0, 0, false, null), T);
    audit.readPublished();

    assertThat(audit.dead().stream().map(AuditDeadLettersTests::reason))
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
  void aRecordOnAnotherPartitionThanItsValueNamesBecomesADeadLetterAndIsNotCountedTwice() {
    EventWriter writer = new EventWriter();
    byte[] here =
        writer.decision(
            TestDecision.allowed("c", T * 1000).at(new SeriesPosition("one", "a", 0, 1)));
    byte[] elsewhere =
        writer.decision(
            TestDecision.allowed("c", T * 1000).at(new SeriesPosition("one", "a", 5, 1)));
    audit.send("default/c", EventHeaders.TYPE_DECISION, here, T);
    audit.send("default/c", EventHeaders.TYPE_DECISION, elsewhere, T);
    audit.send("default/d", EventHeaders.TYPE_DECISION, here, T);
    audit.send("x".repeat(900_000), EventHeaders.TYPE_DECISION, here, T);
    audit.send(null, EventHeaders.TYPE_DECISION, here, T);
    audit.ledger(new LedgerEvent("one", "a", 5, 9, 0, 0, 0, 9, 0, true, false), T);
    audit.readPublished();

    assertThat(audit.dead().stream().map(AuditDeadLettersTests::reason))
        .containsExactly(
            "partition is 5 in the value, the record is on 0",
            "key is not tenant/client_id of the value",
            "key is not tenant/client_id of the value",
            "key is not tenant/client_id of the value",
            "partition is 5 in the value, the record is on 0");
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
  void aRecordOnAnotherPartitionThanThatOfItsKeyBecomesADeadLetter() {
    restart(TestTerms.of(7, 1, AuditTerms.ClientDetail.ALL, TestTerms.WHOLE));
    for (int i = 0; i < 70; i++) {
      audit.decide(TestDecision.allowed("c" + i, T * 1000), i + 1, T);
    }
    audit.readPublished();

    assertThat(audit.dead())
        .hasSizeBetween(40, 69)
        .allSatisfy(
            record -> assertThat(reason(record)).startsWith("partition is 0, that of the key is "));
    assertThat(audit.counts.decisions).isEqualTo(70 - audit.dead().size());
  }

  @Test
  void aRecordTooLargeForTheDeadLettersIsCutAndBecomesADeadLetter() {
    audit.send(EventHeaders.TYPE_DECISION, new byte[50 << 20], T);
    audit.decide(TestDecision.allowed("c", T * 1000), 1, T);
    audit.readPublished();

    assertThat(audit.dead())
        .singleElement()
        .satisfies(record -> {
          assertThat(record.value()).hasSizeBetween(500_000, 1 << 20);
          assertThat(record.headers().lastHeader("dead-letter-cut")).isNotNull();
        });
    assertThat(audit.figures("c", T).allowed()).isEqualTo(1);
  }

  private void restart(AuditTerms terms) {
    audit.close();
    audit = new AuditHarness(terms);
  }

  private static String reason(TestRecord<byte[], byte[]> record) {
    Header header = record.headers().lastHeader("__streams.errors.message");
    return new String(header.value(), StandardCharsets.UTF_8);
  }
}
