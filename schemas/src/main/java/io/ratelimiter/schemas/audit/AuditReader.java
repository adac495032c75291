package io.ratelimiter.schemas.audit;

import io.ratelimiter.schemas.Bounds;
import io.ratelimiter.schemas.UnreadableEventException;
import io.ratelimiter.schemas.topics.Topics;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import tools.jackson.core.json.JsonFactory;

/**
 * Reads what {@link AuditWriter} writes, token by token. Unknown fields are ignored; a missing
 * field that is not optional, a wrong type, a value outside the {@link Bounds} and the schema, or
 * another {@code schema_version} is an error. Thread-safe.
 */
public final class AuditReader {

  private static final Map<String, Kind> KINDS =
      Arrays.stream(Kind.values()).collect(Collectors.toMap(Kind::wireName, kind -> kind));

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
    String name = fields.text("kind");
    Kind kind = KINDS.get(name);
    if (kind != null) {
      return row(kind, fields);
    }
    if (name.equals(AuditWriter.WATERMARK)) {
      return watermark(fields);
    }
    throw new UnreadableEventException("kind is " + name);
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
            fields.number("last_word_ms")));
  }

  private static SeriesReport checked(SeriesReport report) {
    if (report.closed() != (report.unknownTail() != null)) {
      throw new UnreadableEventException("unknown_tail and closed contradict each other");
    }
    return report;
  }

  private static AuditRow row(Kind kind, AuditFields fields) {
    if (!kind.dimensions().contains(Dimension.CLIENT_ID)) {
      fields.requireAbsent(Dimension.CLIENT_ID.wireName());
    }
    if (!kind.hasLatencies()) {
      fields.requireAbsent("latency_buckets");
    }
    return new AuditRow(
        dimensions(kind, fields),
        figures(kind, fields),
        kind.hasLatencies() ? fields.latencies() : null,
        kind.hasRegisters() ? fields.registers() : List.of(),
        topic(fields),
        fields.small("partition", 0),
        fields.small("generation", 1),
        fields.number("revision", 1, Bounds.MAX_WHOLE));
  }

  private static Dimensions dimensions(Kind kind, AuditFields fields) {
    List<String> texts = new ArrayList<>();
    for (Dimension dimension : kind.dimensions()) {
      String name = dimension.wireName();
      texts.add(dimension.isOptional() ? fields.textOr(name, "") : fields.text(name));
    }
    long ruleRevision = kind.hasRuleRevision() ? fields.numberOrZero("rule_revision") : 0;
    return new Dimensions(
        kind, start(kind.span(), fields), part(kind, fields), ruleRevision, texts);
  }

  private static long start(Kind.Span span, AuditFields fields) {
    long start = fields.number(span.wireName(), 0, MAX_SECONDS);
    if (start != span.startOf(start)) {
      throw new UnreadableEventException(
          span.wireName() + " is " + start + ", not a multiple of " + span.seconds());
    }
    return start;
  }

  private static int part(Kind kind, AuditFields fields) {
    long part = kind.span() == Kind.Span.MINUTE ? fields.numberOrZero("part") : 0;
    if (part > Dimensions.MAX_PART) {
      throw new UnreadableEventException("part is " + part);
    }
    return (int) part;
  }

  private static Figures figures(Kind kind, AuditFields fields) {
    Map<Figure, Long> values = new EnumMap<>(Figure.class);
    for (Figure figure : kind.figures()) {
      String name = figure.wireName();
      if (fields.has(name) || figure.presence() == Figure.Presence.REQUIRED) {
        values.put(
            figure,
            kind.isNullable(figure) ? fields.numberOrNone(name) : (Long) fields.number(name));
      }
    }
    return Figures.of(values);
  }

  /** Records of earlier versions have no topic; there was one only. */
  private static String topic(AuditFields fields) {
    return fields.textOr("topic", Topics.DECISIONS);
  }

  private static Watermark watermark(AuditFields fields) {
    return new Watermark(
        topic(fields),
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
