package io.ratelimiter.schemas;

import io.ratelimiter.schemas.MinuteRow.Dimensions;
import io.ratelimiter.schemas.MinuteRow.Figures;
import io.ratelimiter.schemas.MinuteRow.Latencies;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/**
 * Reads what {@link AuditWriter} writes, token by token. Unknown fields are ignored; a missing
 * field, a wrong type or another {@code schema_version} is an error. Safe for concurrent use.
 */
public final class AuditReader {

  private final JsonFactory json = new JsonFactory();

  /**
   * Reads a value of the block-rates topic.
   *
   * @throws UnreadableEventException when the bytes are not one
   */
  public BlockRateRecord blockRate(byte[] value) {
    Fields fields = open(value, BlockRateRecord.SCHEMA_VERSION);
    String kind = fields.text("kind");
    return switch (kind) {
      case "client", "total" -> row(fields);
      case "watermark" -> watermark(fields);
      default -> throw new UnreadableEventException("kind is " + kind);
    };
  }

  /**
   * Reads a value of the completeness topic.
   *
   * @throws UnreadableEventException when the bytes are not one
   */
  public SeriesReport series(byte[] value) {
    Fields fields = open(value, SeriesReport.SCHEMA_VERSION);
    return new SeriesReport(
        fields.text("instance"),
        fields.text("epoch"),
        fields.small("partition"),
        fields.small("generation"),
        fields.number("revision"),
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
        Boolean.TRUE.equals(fields.boolOrNull("closed")),
        fields.boolOrNull("unknown_tail"),
        fields.number("last_word_ms"));
  }

  private static MinuteRow row(Fields fields) {
    return new MinuteRow(
        new Dimensions(
            fields.number("window_start"),
            fields.text("tenant"),
            fields.textOrNull("client_id"),
            fields.text("limit_key"),
            fields.text("rule"),
            fields.text("algorithm")),
        figures(fields),
        fields.small("partition"),
        fields.small("generation"),
        fields.number("revision"));
  }

  private static Figures figures(Fields fields) {
    return new Figures(
        fields.numberOrNull("allowed_count"),
        fields.number("blocked_count"),
        fields.number("error_count"),
        fields.number("degraded_count"),
        fields.number("late_count"),
        fields.number("shadow_checked_count"),
        fields.number("shadow_blocked_count"),
        fields.numberOrNull("cost_allowed"),
        fields.number("cost_blocked"),
        fields.number("latency_sum_us"),
        fields.number("latency_max_us"),
        fields.number("first_event_us"),
        fields.number("last_event_us"),
        fields.latencies());
  }

  private static Watermark watermark(Fields fields) {
    return new Watermark(
        fields.small("partition"),
        fields.small("generation"),
        fields.number("revision"),
        fields.small("partitions"),
        fields.number("append_high_ms"),
        fields.number("closed_before"),
        fields.number("whole_from"));
  }

  private Fields open(byte[] value, int version) {
    Map<String, Object> fields = HashMap.newHashMap(32);
    try (JsonParser in = json.createParser(ObjectReadContext.empty(), value)) {
      if (in.nextToken() != JsonToken.START_OBJECT) {
        throw new UnreadableEventException("value is not a JSON object");
      }
      while (in.nextToken() == JsonToken.PROPERTY_NAME) {
        String name = in.currentName();
        Object field = field(in, in.nextToken());
        if (field != null) {
          fields.put(name, field);
        }
      }
    } catch (JacksonException e) {
      throw new UnreadableEventException("value is not JSON: " + e.getOriginalMessage(), e);
    }
    Fields read = new Fields(fields);
    if (read.number("schema_version") != version) {
      throw new UnreadableEventException(
          "schema_version is " + read.number("schema_version") + ", known is " + version);
    }
    return read;
  }

  private static @Nullable Object field(JsonParser in, JsonToken token) {
    return switch (token) {
      case VALUE_NUMBER_INT -> in.getLongValue();
      case VALUE_STRING -> in.getString();
      case VALUE_TRUE -> true;
      case VALUE_FALSE -> false;
      case START_ARRAY -> numbers(in);
      case START_OBJECT -> {
        in.skipChildren();
        yield null;
      }
      default -> null;
    };
  }

  private static List<Long> numbers(JsonParser in) {
    List<Long> numbers = new ArrayList<>();
    while (in.nextToken() != JsonToken.END_ARRAY) {
      numbers.add(in.getLongValue());
    }
    return numbers;
  }

  /** The fields of one flat object; null ones are left out. */
  private record Fields(Map<String, Object> all) {

    long number(String name) {
      Long value = numberOrNull(name);
      if (value == null) {
        throw new UnreadableEventException(name + " is missing or not a whole number");
      }
      return value;
    }

    int small(String name) {
      return Math.toIntExact(number(name));
    }

    @Nullable Long numberOrNull(String name) {
      return all.get(name) instanceof Long value ? value : null;
    }

    String text(String name) {
      String value = textOrNull(name);
      if (value == null) {
        throw new UnreadableEventException(name + " is missing or not a string");
      }
      return value;
    }

    @Nullable String textOrNull(String name) {
      return all.get(name) instanceof String value ? value : null;
    }

    @Nullable Boolean boolOrNull(String name) {
      return all.get(name) instanceof Boolean value ? value : null;
    }

    @Nullable Latencies latencies() {
      if (!all.containsKey("latency_buckets")) {
        return null;
      }
      return new Latencies(
          numbers("latency_buckets").stream().map(Math::toIntExact).toList(),
          numbers("latency_counts"));
    }

    private List<Long> numbers(String name) {
      List<Long> numbers = new ArrayList<>();
      if (all.get(name) instanceof List<?> list) {
        for (Object element : list) {
          numbers.add((Long) element);
        }
      }
      return numbers;
    }
  }
}
