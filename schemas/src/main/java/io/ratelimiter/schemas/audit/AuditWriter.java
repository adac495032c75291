package io.ratelimiter.schemas.audit;

import io.ratelimiter.schemas.audit.MinuteRow.Dimensions;
import io.ratelimiter.schemas.audit.MinuteRow.Figures;
import io.ratelimiter.schemas.audit.MinuteRow.Latencies;
import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonEncoding;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/**
 * Writes keys and values of the auditor's topics as JSON. Records of the same row, partition or
 * series have the same key, so that compaction keeps the latest. Thread-safe.
 */
public final class AuditWriter {

  /** The row of a client has about 450 bytes. */
  private static final int TYPICAL_BYTES = 512;

  private final JsonFactory json = new JsonFactory();

  /** Key on the block-rates topic: a JSON array of the row's dimensions. */
  public byte[] key(BlockRateRecord value) {
    return switch (value) {
      case MinuteRow row -> bytes(out -> writeKey(out, row));
      case Watermark watermark ->
          bytes(out -> {
            out.writeStartArray();
            out.writeString("watermark");
            out.writeNumber(watermark.partition());
            out.writeEndArray();
          });
    };
  }

  /** Value on the block-rates topic. */
  public byte[] value(BlockRateRecord value) {
    return switch (value) {
      case MinuteRow row -> bytes(out -> writeRow(out, row));
      case Watermark watermark -> bytes(out -> writeWatermark(out, watermark));
    };
  }

  /** Key on the completeness topic: a JSON array of instance, epoch, partition. */
  public byte[] seriesKey(String instance, String epoch, int partition) {
    return bytes(out -> {
      out.writeStartArray();
      out.writeString(instance);
      out.writeString(epoch);
      out.writeNumber(partition);
      out.writeEndArray();
    });
  }

  /** Value on the completeness topic. */
  public byte[] series(SeriesReport report) {
    return bytes(out -> writeSeries(out, report));
  }

  private byte[] bytes(Consumer<JsonGenerator> body) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(TYPICAL_BYTES);
    try (JsonGenerator out =
        json.createGenerator(ObjectWriteContext.empty(), bytes, JsonEncoding.UTF8)) {
      body.accept(out);
    }
    return bytes.toByteArray();
  }

  private static void writeKey(JsonGenerator out, MinuteRow row) {
    Dimensions dimensions = row.dimensions();
    out.writeStartArray();
    out.writeString(dimensions.clientId() == null ? "total" : "client");
    out.writeNumber(dimensions.windowStart());
    out.writeString(dimensions.tenant());
    if (dimensions.clientId() == null) {
      out.writeNumber(row.partition());
    } else {
      out.writeString(dimensions.clientId());
    }
    out.writeString(dimensions.limitKey());
    out.writeString(dimensions.rule());
    out.writeString(dimensions.algorithm());
    out.writeEndArray();
  }

  private static void writeRow(JsonGenerator out, MinuteRow row) {
    Dimensions dimensions = row.dimensions();
    out.writeStartObject();
    writeHead(out, dimensions.clientId() == null ? "total" : "client", row);
    out.writeNumberProperty("window_start", dimensions.windowStart());
    out.writeStringProperty("tenant", dimensions.tenant());
    if (dimensions.clientId() != null) {
      out.writeStringProperty("client_id", dimensions.clientId());
    }
    out.writeStringProperty("limit_key", dimensions.limitKey());
    out.writeStringProperty("rule", dimensions.rule());
    out.writeStringProperty("algorithm", dimensions.algorithm());
    writeFigures(out, row.figures());
    out.writeEndObject();
  }

  private static void writeFigures(JsonGenerator out, Figures figures) {
    writeNullable(out, "allowed_count", figures.allowed());
    out.writeNumberProperty("blocked_count", figures.blocked());
    out.writeNumberProperty("error_count", figures.error());
    out.writeNumberProperty("degraded_count", figures.degraded());
    out.writeNumberProperty("late_count", figures.late());
    out.writeNumberProperty("shadow_checked_count", figures.shadowChecked());
    out.writeNumberProperty("shadow_blocked_count", figures.shadowBlocked());
    writeNullable(out, "cost_allowed", figures.costAllowed());
    out.writeNumberProperty("cost_blocked", figures.costBlocked());
    out.writeNumberProperty("latency_sum_us", figures.latencySumMicros());
    out.writeNumberProperty("latency_max_us", figures.latencyMaxMicros());
    out.writeNumberProperty("first_event_us", figures.firstEventMicros());
    out.writeNumberProperty("last_event_us", figures.lastEventMicros());
    if (figures.latency() != null) {
      writeLatencies(out, figures.latency());
    }
  }

  private static void writeLatencies(JsonGenerator out, Latencies latency) {
    out.writeArrayPropertyStart("latency_buckets");
    latency.buckets().forEach(out::writeNumber);
    out.writeEndArray();
    out.writeArrayPropertyStart("latency_counts");
    latency.counts().forEach(out::writeNumber);
    out.writeEndArray();
  }

  private static void writeWatermark(JsonGenerator out, Watermark watermark) {
    out.writeStartObject();
    writeHead(out, "watermark", watermark);
    out.writeNumberProperty("partitions", watermark.partitions());
    out.writeNumberProperty("append_high_ms", watermark.appendHighMillis());
    out.writeNumberProperty("closed_before", watermark.closedBefore());
    out.writeNumberProperty("whole_from", watermark.wholeFrom());
    out.writeEndObject();
  }

  private static void writeHead(JsonGenerator out, String kind, BlockRateRecord value) {
    out.writeNumberProperty("schema_version", BlockRateRecord.SCHEMA_VERSION);
    out.writeStringProperty("kind", kind);
    out.writeNumberProperty("partition", value.partition());
    out.writeNumberProperty("generation", value.generation());
    out.writeNumberProperty("revision", value.revision());
  }

  private static void writeSeries(JsonGenerator out, SeriesReport report) {
    out.writeStartObject();
    out.writeNumberProperty("schema_version", SeriesReport.SCHEMA_VERSION);
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
    out.writeName("unknown_tail");
    if (report.unknownTail() == null) {
      out.writeNull();
    } else {
      out.writeBoolean(report.unknownTail());
    }
    out.writeNumberProperty("last_word_ms", report.lastRecordMillis());
    if (report.times() != null) {
      writeTimes(out, report.times());
    }
    out.writeEndObject();
  }

  private static void writeTimes(JsonGenerator out, SeriesReport.Times times) {
    writeSpans(out, "missing", times.missing());
    writeSpans(out, "late", times.late());
    out.writeNumberProperty("tail_after_us", times.tailAfterMicros());
    writeNullable(out, "tail_before_us", times.tailBeforeMicros());
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

  private static void writeNullable(JsonGenerator out, String name, @Nullable Long value) {
    out.writeName(name);
    if (value == null) {
      out.writeNull();
    } else {
      out.writeNumber(value.longValue());
    }
  }
}
