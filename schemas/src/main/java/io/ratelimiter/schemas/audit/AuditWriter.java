package io.ratelimiter.schemas.audit;

import static io.ratelimiter.schemas.json.JsonMembers.write;

import io.ratelimiter.schemas.json.JsonBytes;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.ToLongFunction;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.io.SerializedString;

/**
 * Writes keys and values of the auditor's topics as JSON. Records of the same row, partition or
 * series have the same key, so that compaction keeps the latest. Thread-safe.
 */
public final class AuditWriter {

  private static final String BLOCK_RATE = "block-rate.v1";
  private static final String SERIES_REPORT = "series-report.v1";

  /** The kind of a {@link Watermark}. */
  static final String WATERMARK = "watermark";

  private static final Map<Figure, SerializedString> FIGURES = new EnumMap<>(Figure.class);

  static {
    for (Figure figure : Figure.values()) {
      FIGURES.put(figure, new SerializedString(figure.wireName()));
    }
  }

  private static final SerializedString UNKNOWN_TAIL = new SerializedString("unknown_tail");
  private static final SerializedString TAIL_BEFORE_US = new SerializedString("tail_before_us");

  private final JsonBytes json = new JsonBytes();

  /**
   * Key on the block-rates topic: a JSON array of kind, topic, partition, generation, and the row's
   * dimensions.
   */
  public byte[] key(BlockRateRecord value) {
    return switch (value) {
      case AuditRow row -> json.writeArray(out -> writeKey(out, row.dimensions(), row));
      case Watermark watermark -> json.writeArray(out -> writeKey(out, WATERMARK, watermark));
    };
  }

  /** Value on the block-rates topic. */
  public byte[] value(BlockRateRecord value) {
    return switch (value) {
      case AuditRow row -> json.write(out -> writeRow(out, row));
      case Watermark watermark -> json.write(out -> writeWatermark(out, watermark));
    };
  }

  /**
   * Key on the completeness topic: a JSON array of topic, instance, epoch, partition, generation.
   */
  public byte[] seriesKey(SeriesReport report) {
    return seriesKey(
        report.topic(), report.instance(), report.epoch(), report.partition(), report.generation());
  }

  /** As the other method, of a series without a report. */
  public byte[] seriesKey(
      String topic, String instance, String epoch, int partition, int generation) {
    return json.writeArray(out -> {
      out.writeString(topic);
      out.writeString(instance);
      out.writeString(epoch);
      out.writeNumber(partition);
      out.writeNumber(generation);
    });
  }

  /** Value on the completeness topic. */
  public byte[] series(SeriesReport report) {
    return json.write(out -> writeSeries(out, report));
  }

  private static void writeKey(JsonGenerator out, String kind, BlockRateRecord value) {
    out.writeString(kind);
    out.writeString(value.topic());
    out.writeNumber(value.partition());
    out.writeNumber(value.generation());
  }

  private static void writeKey(JsonGenerator out, Dimensions dimensions, AuditRow row) {
    writeKey(out, dimensions.kind().wireName(), row);
    out.writeNumber(dimensions.start());
    out.writeNumber(dimensions.part());
    out.writeNumber(dimensions.ruleRevision());
    dimensions.texts().forEach(out::writeString);
  }

  private static void writeRow(JsonGenerator out, AuditRow row) {
    Dimensions dimensions = row.dimensions();
    Kind kind = dimensions.kind();
    writeHead(out, kind.wireName(), row);
    out.writeNumberProperty(kind.span().wireName(), dimensions.start());
    if (kind.span() == Kind.Span.MINUTE) {
      out.writeNumberProperty("part", dimensions.part());
    }
    writeTexts(out, dimensions);
    if (kind.hasRuleRevision()) {
      out.writeNumberProperty("rule_revision", dimensions.ruleRevision());
    }
    for (Figure figure : kind.figures()) {
      writeFigure(out, figure, row.figures().get(figure));
    }
    if (row.latency() != null) {
      writeLatencies(out, row.latency());
    }
    if (kind.hasRegisters()) {
      writeNumbers(out, "registers", row.registers());
    }
  }

  private static void writeTexts(JsonGenerator out, Dimensions dimensions) {
    for (Dimension dimension : dimensions.kind().dimensions()) {
      String text = dimensions.text(dimension);
      if (!dimension.isOptional() || !text.isEmpty()) {
        out.writeStringProperty(dimension.wireName(), text);
      }
    }
  }

  private static void writeFigure(JsonGenerator out, Figure figure, long value) {
    if (value != figure.initial() || figure.presence() == Figure.Presence.REQUIRED) {
      write(
          out,
          Objects.requireNonNull(FIGURES.get(figure)),
          value == Figures.NONE ? null : (Long) value);
    }
  }

  private static void writeLatencies(JsonGenerator out, Latencies latency) {
    writeNumbers(out, "latency_buckets", latency.buckets());
    writeNumbers(out, "latency_counts", latency.counts());
  }

  private static void writeNumbers(JsonGenerator out, String name, List<? extends Number> numbers) {
    out.writeArrayPropertyStart(name);
    numbers.forEach(number -> out.writeNumber(number.longValue()));
    out.writeEndArray();
  }

  private static void writeWatermark(JsonGenerator out, Watermark watermark) {
    writeHead(out, WATERMARK, watermark);
    out.writeNumberProperty("partitions", watermark.partitions());
    out.writeNumberProperty("append_high_ms", watermark.appendHighMillis());
    out.writeNumberProperty("closed_before", watermark.closedBefore());
    out.writeNumberProperty("whole_from", watermark.wholeFrom());
    out.writeNumberProperty("next_offset", watermark.nextOffset());
  }

  private static void writeHead(JsonGenerator out, String kind, BlockRateRecord value) {
    out.writeStringProperty("type", BLOCK_RATE);
    out.writeNumberProperty("schema_version", BlockRateRecord.SCHEMA_VERSION);
    out.writeStringProperty("kind", kind);
    out.writeStringProperty("topic", value.topic());
    out.writeNumberProperty("partition", value.partition());
    out.writeNumberProperty("generation", value.generation());
    out.writeNumberProperty("revision", value.revision());
  }

  private static void writeSeries(JsonGenerator out, SeriesReport report) {
    out.writeStringProperty("type", SERIES_REPORT);
    out.writeNumberProperty("schema_version", SeriesReport.SCHEMA_VERSION);
    out.writeStringProperty("topic", report.topic());
    out.writeStringProperty("instance", report.instance());
    out.writeStringProperty("epoch", report.epoch());
    out.writeNumberProperty("partition", report.partition());
    out.writeNumberProperty("generation", report.generation());
    out.writeNumberProperty("revision", report.revision());
    out.writeNumberProperty("issued", report.issued());
    out.writeNumberProperty("acked", report.acked());
    out.writeNumberProperty("spooled", report.spooled());
    out.writeNumberProperty("dropped", report.dropped());
    out.writeNumberProperty("settled_seq", report.settledSeq());
    out.writeNumberProperty("settled_dropped", report.settledDropped());
    out.writeNumberProperty("received", report.received());
    out.writeNumberProperty("lost", report.lost());
    out.writeNumberProperty("duplicate", report.duplicate());
    out.writeNumberProperty("overflowed", report.overflowed());
    out.writeBooleanProperty("closed", report.closed());
    write(out, UNKNOWN_TAIL, report.unknownTail());
    out.writeNumberProperty("last_word_ms", report.lastRecordMillis());
    if (report.times() != null) {
      writeTimes(out, report.times());
    }
  }

  private static void writeTimes(JsonGenerator out, SeriesReport.Times times) {
    writeSpans(out, "missing", times.missing());
    writeSpans(out, "late", times.late());
    out.writeNumberProperty("tail_after_us", times.tailAfterMicros());
    write(out, TAIL_BEFORE_US, times.tailBeforeMicros());
  }

  private static void writeSpans(JsonGenerator out, String name, List<SeriesReport.Span> spans) {
    writeNumbers(out, name, spans, SeriesReport.Span::count);
    writeNumbers(out, name + "_after_us", spans, SeriesReport.Span::afterMicros);
    writeNumbers(out, name + "_before_us", spans, SeriesReport.Span::beforeMicros);
  }

  private static <T> void writeNumbers(
      JsonGenerator out, String name, List<T> all, ToLongFunction<T> number) {
    out.writeArrayPropertyStart(name);
    all.forEach(one -> out.writeNumber(number.applyAsLong(one)));
    out.writeEndArray();
  }
}
