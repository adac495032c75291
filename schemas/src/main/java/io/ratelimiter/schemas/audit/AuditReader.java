package io.ratelimiter.schemas.audit;

import io.ratelimiter.schemas.Bounds;
import io.ratelimiter.schemas.UnreadableEventException;
import io.ratelimiter.schemas.audit.MinuteRow.Dimensions;
import io.ratelimiter.schemas.audit.MinuteRow.Figures;
import io.ratelimiter.schemas.audit.SeriesReport.Times;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.json.JsonFactory;

/**
 * Reads what {@link AuditWriter} writes, token by token. Unknown fields are ignored; a missing
 * field, a wrong type, a value outside the {@link Bounds} and the schema, or another {@code
 * schema_version} is an error. Thread-safe.
 */
public final class AuditReader {

  private static final long MINUTE_SECONDS = 60;

  /** Max time of an event, seconds since 1970. */
  private static final long MAX_SECONDS = Bounds.MAX_WHOLE / 1_000_000;

  private final JsonFactory json = new JsonFactory();

  /**
   * Reads a value of the block-rates topic.
   *
   * @throws UnreadableEventException when the bytes are not such a value
   */
  public BlockRateRecord blockRate(byte[] value) {
    AuditFields fields = open(value, BlockRateRecord.SCHEMA_VERSION);
    String kind = fields.text("kind");
    return switch (kind) {
      case "client" -> row(fields, fields.text("client_id"));
      case "total" -> row(fields, null);
      case "watermark" -> watermark(fields);
      default -> throw new UnreadableEventException("kind is " + kind);
    };
  }

  /**
   * Reads a value of the completeness topic.
   *
   * @throws UnreadableEventException when the bytes are not such a value
   */
  public SeriesReport series(byte[] value) {
    AuditFields fields = open(value, SeriesReport.SCHEMA_VERSION);
    return checked(
        new SeriesReport(
            fields.text("instance"),
            fields.text("epoch"),
            fields.small("partition", 0),
            fields.small("generation", 1),
            fields.number("revision", 1, Bounds.MAX_WHOLE),
            fields.number("issued"),
            fields.number("acked"),
            fields.number("spooled"),
            fields.number("dropped"),
            fields.number("settled_seq"),
            fields.number("settled_dropped"),
            fields.number("received"),
            fields.number("lost"),
            fields.number("duplicate"),
            fields.number("overflowed"),
            fields.bool("closed"),
            fields.boolOrNull("unknown_tail"),
            fields.number("last_word_ms"),
            fields.hasAny("missing", "tail_after_us") ? times(fields) : null));
  }

  private static Times times(AuditFields fields) {
    return new Times(
        fields.spans("missing"),
        fields.spans("late"),
        fields.number("tail_after_us"),
        fields.numberOrNull("tail_before_us"));
  }

  private static SeriesReport checked(SeriesReport report) {
    if (report.closed() != (report.unknownTail() != null)) {
      throw new UnreadableEventException("unknown_tail and closed contradict each other");
    }
    Times times = report.times();
    if (times != null && report.closed() != (times.tailBeforeMicros() != null)) {
      throw new UnreadableEventException("tail_before_us and closed contradict each other");
    }
    return report;
  }

  private static MinuteRow row(AuditFields fields, @Nullable String clientId) {
    fields.requireAbsent(clientId == null ? "client_id" : "latency_buckets");
    return new MinuteRow(
        new Dimensions(
            minute(fields),
            fields.text("tenant"),
            clientId,
            fields.text("limit_key"),
            fields.text("rule"),
            fields.text("algorithm")),
        figures(fields, clientId == null),
        fields.small("partition", 0),
        fields.small("generation", 1),
        fields.number("revision", 1, Bounds.MAX_WHOLE));
  }

  private static long minute(AuditFields fields) {
    long windowStart = fields.number("window_start", 0, MAX_SECONDS);
    if (windowStart % MINUTE_SECONDS != 0) {
      throw new UnreadableEventException(
          "window_start is " + windowStart + ", not the start of a minute");
    }
    return windowStart;
  }

  private static Figures figures(AuditFields fields, boolean ofTotal) {
    return new Figures(
        ofTotal ? (Long) fields.number("allowed_count") : fields.numberOrNull("allowed_count"),
        fields.number("blocked_count"),
        fields.number("error_count"),
        fields.number("degraded_count"),
        fields.number("late_count"),
        fields.number("shadow_checked_count"),
        fields.number("shadow_blocked_count"),
        ofTotal ? (Long) fields.number("cost_allowed") : fields.numberOrNull("cost_allowed"),
        fields.number("cost_blocked"),
        fields.number("latency_sum_us"),
        fields.number("latency_max_us"),
        fields.number("first_event_us"),
        fields.number("last_event_us"),
        ofTotal ? fields.latencies() : null);
  }

  private static Watermark watermark(AuditFields fields) {
    return new Watermark(
        fields.small("partition", 0),
        fields.small("generation", 1),
        fields.number("revision", 1, Bounds.MAX_WHOLE),
        fields.small("partitions", 1),
        fields.number("append_high_ms"),
        fields.number("closed_before", 0, MAX_SECONDS),
        fields.number("whole_from", 0, MAX_SECONDS));
  }

  private AuditFields open(byte[] value, int version) {
    AuditFields fields = AuditFields.read(json, value);
    long found = fields.number("schema_version");
    if (found != version) {
      throw new UnreadableEventException("schema_version is " + found + ", known is " + version);
    }
    return fields;
  }
}
