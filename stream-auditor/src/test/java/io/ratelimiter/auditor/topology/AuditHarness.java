package io.ratelimiter.auditor.topology;

import io.ratelimiter.auditor.TestDecision;
import io.ratelimiter.auditor.TestTerms;
import io.ratelimiter.schemas.EventHeaders;
import io.ratelimiter.schemas.EventWriter;
import io.ratelimiter.schemas.LedgerEvent;
import io.ratelimiter.schemas.SeriesPosition;
import io.ratelimiter.schemas.audit.AuditReader;
import io.ratelimiter.schemas.audit.MinuteRow;
import io.ratelimiter.schemas.audit.MinuteRow.Dimensions;
import io.ratelimiter.schemas.audit.MinuteRow.Figures;
import io.ratelimiter.schemas.audit.SeriesReport;
import io.ratelimiter.schemas.audit.Watermark;
import io.ratelimiter.schemas.topics.Topics;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.state.Stores;
import org.apache.kafka.streams.test.TestRecord;
import org.jspecify.annotations.Nullable;

/**
 * The topology without a broker and without a disk: sends records to it, and keeps the latest
 * published record of each key.
 */
final class AuditHarness implements AutoCloseable {

  static final long START_MILLIS = Instant.parse("2026-03-01T12:00:00Z").toEpochMilli();

  private final EventWriter writer = new EventWriter();
  private final AuditReader reader = new AuditReader();
  private final TopologyTestDriver driver;
  private final TestInputTopic<byte[], byte[]> decisions;
  private final TestOutputTopic<byte[], byte[]> blockRates;
  private final TestOutputTopic<byte[], byte[]> completeness;
  private final TestOutputTopic<byte[], byte[]> deadLetters;
  private final Map<Dimensions, MinuteRow> rows = new HashMap<>();
  private final Map<String, SeriesReport> series = new HashMap<>();
  private final List<TestRecord<byte[], byte[]>> dead = new ArrayList<>();
  private @Nullable Watermark watermark;
  final CountedAudit counts = new CountedAudit();

  AuditHarness() {
    this(TestTerms.DEFAULT);
  }

  AuditHarness(AuditTerms terms) {
    Properties settings = new Properties();
    settings.put(StreamsConfig.APPLICATION_ID_CONFIG, "audit");
    settings.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, "none:1");
    driver =
        new TopologyTestDriver(
            AuditTopology.build(terms, counts, Stores.inMemoryKeyValueStore(AuditTopology.MINUTES)),
            settings,
            Instant.ofEpochMilli(START_MILLIS));
    decisions =
        driver.createInputTopic(
            Topics.DECISIONS, new ByteArraySerializer(), new ByteArraySerializer());
    blockRates = output(Topics.BLOCK_RATES);
    completeness = output(Topics.COMPLETENESS);
    deadLetters = output(Topics.DEAD_LETTERS);
  }

  private TestOutputTopic<byte[], byte[]> output(String topic) {
    return driver.createOutputTopic(
        topic, new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }

  /** A decision of the series {@code (one, a)}, appended at this time. */
  void decide(TestDecision decision, long seq, long appendMillis) {
    decide(decision, new SeriesPosition("one", "a", 0, seq), appendMillis);
  }

  void decide(TestDecision decision, SeriesPosition position, long appendMillis) {
    String key = decision.tenant() + "/" + decision.client();
    send(key, EventHeaders.TYPE_DECISION, writer.decision(decision.at(position)), appendMillis);
  }

  /** Advances the append time with a ledger of another series. */
  void tick(long appendMillis) {
    ledger(
        new LedgerEvent("other", "x" + appendMillis, 0, 0, 0, 0, 0, 0, 0, false, null),
        appendMillis);
    readPublished();
  }

  /** A ledger of the series {@code (one, a)}. */
  void ledger(long settled, long settledDropped, boolean closed, long appendMillis) {
    ledger(
        new LedgerEvent(
            "one",
            "a",
            0,
            settled,
            settled - settledDropped,
            0,
            settledDropped,
            settled,
            settledDropped,
            closed,
            closed ? (Boolean) false : null),
        appendMillis);
  }

  void ledger(LedgerEvent ledger, long appendMillis) {
    send(EventHeaders.TYPE_LEDGER, writer.ledger(ledger), appendMillis);
  }

  void send(@Nullable String type, byte @Nullable [] value, long appendMillis) {
    send("key", type, value, appendMillis);
  }

  void send(
      @Nullable String key, @Nullable String type, byte @Nullable [] value, long appendMillis) {
    RecordHeaders headers = new RecordHeaders();
    if (type != null) {
      headers.add(new RecordHeader(EventHeaders.CE_TYPE, type.getBytes(StandardCharsets.UTF_8)));
    }
    decisions.pipeInput(
        new TestRecord<>(
            key == null ? null : key.getBytes(StandardCharsets.UTF_8),
            value,
            headers,
            Instant.ofEpochMilli(appendMillis)));
  }

  /** Advances the time by a second, so that changes are published, and reads them. */
  AuditHarness readPublished() {
    driver.advanceWallClockTime(Duration.ofSeconds(1));
    while (!blockRates.isEmpty()) {
      switch (reader.blockRate(blockRates.readValue())) {
        case MinuteRow row -> rows.put(row.dimensions(), row);
        case Watermark latest -> watermark = latest;
      }
    }
    while (!completeness.isEmpty()) {
      byte[] value = completeness.readValue();
      if (value != null) {
        SeriesReport report = reader.series(value);
        series.put(report.instance() + "/" + report.epoch(), report);
      }
    }
    while (!deadLetters.isEmpty()) {
      dead.add(deadLetters.readRecord());
    }
    return this;
  }

  Map<Dimensions, MinuteRow> rows() {
    return rows;
  }

  Map<String, SeriesReport> series() {
    return series;
  }

  SeriesReport one() {
    return series.get("one/a");
  }

  List<TestRecord<byte[], byte[]>> dead() {
    return dead;
  }

  Watermark watermark() {
    if (watermark == null) {
      throw new IllegalStateException("nothing was published yet");
    }
    return watermark;
  }

  /** Number of rows in the store. */
  int storedRows() {
    int count = 0;
    try (var all = driver.<Object, Object>getKeyValueStore(AuditTopology.MINUTES).all()) {
      while (all.hasNext()) {
        all.next();
        count++;
      }
    }
    return count;
  }

  /** The figures of the client's row in the minute of this time. */
  Figures figures(String client, long millis) {
    return rows.entrySet().stream()
        .filter(row -> client.equals(row.getKey().clientId()))
        .filter(row -> row.getKey().windowStart() == millis / 60_000 * 60)
        .map(row -> row.getValue().figures())
        .reduce((first, second) -> {
          throw new AssertionError("two rows: " + first + " and " + second);
        })
        .orElseThrow(() -> new AssertionError("no row of " + client + " among " + rows.keySet()));
  }

  @Override
  public void close() {
    driver.close();
  }

  /** Keeps the counts in fields. */
  static final class CountedAudit implements AuditCounts {

    long decisions;
    long duplicates;
    long late;
    long deadLetters;
    long newlyLost;
    long lost;

    @Override
    public void decision() {
      decisions++;
    }

    @Override
    public void duplicate() {
      duplicates++;
    }

    @Override
    public void late() {
      late++;
    }

    @Override
    public void deadLetter(String origin, String reason) {
      deadLetters++;
    }

    @Override
    public void newlyLost(long numbers) {
      newlyLost += numbers;
    }

    @Override
    public void lost(int partition, long numbers) {
      lost = numbers;
    }
  }
}
