package io.ratelimiter.schemas.audit;

import static io.ratelimiter.schemas.json.JsonMembers.write;

import io.ratelimiter.schemas.audit.MinuteRow.Dimensions;
import io.ratelimiter.schemas.audit.MinuteRow.Figures;
import io.ratelimiter.schemas.audit.MinuteRow.Latencies;
import io.ratelimiter.schemas.json.JsonBytes;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.io.SerializedString;

/**
 * Writes keys and values of the auditor's topics as JSON. Records of the same row, partition or
 * series have the same key, so that compaction keeps the latest. Thread-safe.
 */
public final class AuditWriter {

  private static final SerializedString ALLOWED_COUNT = new SerializedString("allowed_count");
  private static final SerializedString COST_ALLOWED = new SerializedString("cost_allowed");
  private static final SerializedString UNKNOWN_TAIL = new SerializedString("unknown_tail");

  private final JsonBytes json = new JsonBytes();

  /** Key on the block-rates topic: a JSON array of the row's dimensions. */
  public byte[] key(BlockRateRecord value) {
    return switch (value) {
      case MinuteRow row -> json.writeArray(out -> writeKey(out, row));
      case Watermark watermark ->
          json.writeArray(out -> {
            out.writeString("watermark");
            out.writeNumber(watermark.partition());
          });
    };
  }

  /** Value on the block-rates topic. */
  public byte[] value(BlockRateRecord value) {
    return switch (value) {
      case MinuteRow row -> json.write(out -> writeRow(out, row));
      case Watermark watermark -> json.write(out -> writeWatermark(out, watermark));
    };
  }

  /** Key on the completeness topic: a JSON array of instance, epoch, partition. */
  public byte[] seriesKey(String instance, String epoch, int partition) {
    return json.writeArray(out -> {
      out.writeString(instance);
      out.writeString(epoch);
      out.writeNumber(partition);
    });
  }

  /** Value on the completeness topic. */
  public byte[] series(SeriesReport report) {
    return json.write(out -> writeSeries(out, report));
  }

  private static void writeKey(JsonGenerator out, MinuteRow row) {
    Dimensions dimensions = row.dimensions();
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
  }

  private static void writeRow(JsonGenerator out, MinuteRow row) {
    Dimensions dimensions = row.dimensions();
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
  }

  private static void writeFigures(JsonGenerator out, Figures figures) {
    write(out, ALLOWED_COUNT, figures.allowed());
    out.writeNumberProperty("blocked_count", figures.blocked());
    out.writeNumberProperty("error_count", figures.error());
    out.writeNumberProperty("degraded_count", figures.degraded());
    out.writeNumberProperty("late_count", figures.late());
    out.writeNumberProperty("shadow_checked_count", figures.shadowChecked());
    out.writeNumberProperty("shadow_blocked_count", figures.shadowBlocked());
    write(out, COST_ALLOWED, figures.costAllowed());
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
    writeHead(out, "watermark", watermark);
    out.writeNumberProperty("partitions", watermark.partitions());
    out.writeNumberProperty("append_high_ms", watermark.appendHighMillis());
    out.writeNumberProperty("closed_before", watermark.closedBefore());
    out.writeNumberProperty("whole_from", watermark.wholeFrom());
  }

  private static void writeHead(JsonGenerator out, String kind, BlockRateRecord value) {
    out.writeNumberProperty("schema_version", BlockRateRecord.SCHEMA_VERSION);
    out.writeStringProperty("kind", kind);
    out.writeNumberProperty("partition", value.partition());
    out.writeNumberProperty("generation", value.generation());
    out.writeNumberProperty("revision", value.revision());
  }

  private static void writeSeries(JsonGenerator out, SeriesReport report) {
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
    write(out, UNKNOWN_TAIL, report.unknownTail());
    out.writeNumberProperty("last_word_ms", report.lastRecordMillis());
  }
}
