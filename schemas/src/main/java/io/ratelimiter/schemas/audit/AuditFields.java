package io.ratelimiter.schemas.audit;

import io.ratelimiter.schemas.Bounds;
import io.ratelimiter.schemas.UnreadableEventException;
import io.ratelimiter.schemas.audit.SeriesReport.Span;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/** The fields of one flat JSON object, with a method for each type that a field can have. */
record AuditFields(Map<String, Object> all) {

  /** Placeholder for null, and for a value of a type that no field has. */
  private enum Odd {
    NULL,
    OTHER
  }

  private static Object field(JsonParser in, JsonToken token) {
    return switch (token) {
      case VALUE_NUMBER_INT -> in.getLongValue();
      case VALUE_STRING -> in.getString();
      case VALUE_TRUE -> true;
      case VALUE_FALSE -> false;
      case VALUE_NULL -> Odd.NULL;
      case START_ARRAY -> elements(in);
      default -> {
        in.skipChildren();
        yield Odd.OTHER;
      }
    };
  }

  private static List<Object> elements(JsonParser in) {
    List<Object> elements = new ArrayList<>();
    while (in.nextToken() != JsonToken.END_ARRAY) {
      elements.add(field(in, in.currentToken()));
    }
    return elements;
  }

  /**
   * Reads a value, which must be one object.
   *
   * @throws UnreadableEventException when it is not one JSON object
   */
  static AuditFields read(JsonFactory json, byte[] value) {
    Map<String, Object> fields = HashMap.newHashMap(32);
    try (JsonParser in = json.createParser(ObjectReadContext.empty(), value)) {
      if (in.nextToken() != JsonToken.START_OBJECT) {
        throw new UnreadableEventException("value is not a JSON object");
      }
      while (in.nextToken() == JsonToken.PROPERTY_NAME) {
        String name = in.currentName();
        fields.put(name, field(in, in.nextToken()));
      }
      if (in.nextToken() != null) {
        throw new UnreadableEventException("value continues after its object");
      }
    } catch (JacksonException e) {
      throw new UnreadableEventException("value is not JSON: " + e.getOriginalMessage(), e);
    }
    return new AuditFields(fields);
  }

  /** A whole number from 0 to 2^53 - 1. */
  long number(String name) {
    return number(name, 0, Bounds.MAX_WHOLE);
  }

  long number(String name, long min, long max) {
    if (!(all.get(name) instanceof Long value)) {
      throw new UnreadableEventException(name + " is missing or not a whole number");
    }
    if (value < min || value > max) {
      throw new UnreadableEventException(
          name + " is " + value + ", not from " + min + " to " + max);
    }
    return value;
  }

  /** {@link Figures#NONE} for null. */
  long numberOrNone(String name) {
    return all.get(name) == Odd.NULL ? Figures.NONE : number(name);
  }

  long numberOrZero(String name) {
    return has(name) ? number(name) : 0;
  }

  boolean has(String name) {
    return all.containsKey(name);
  }

  int small(String name, int min) {
    return (int) number(name, min, Integer.MAX_VALUE);
  }

  /** A text within the bounds of an event's texts, from which a row's texts are taken. */
  String text(String name) {
    if (!(all.get(name) instanceof String value)) {
      throw new UnreadableEventException(name + " is missing or not a string");
    }
    String fault = Bounds.textFault(value, Bounds.MAX_TEXT_BYTES);
    if (fault != null) {
      throw new UnreadableEventException(name + " " + fault);
    }
    return value;
  }

  String textOr(String name, String absent) {
    return has(name) ? text(name) : absent;
  }

  boolean bool(String name) {
    if (!(all.get(name) instanceof Boolean value)) {
      throw new UnreadableEventException(name + " is missing or not true or false");
    }
    return value;
  }

  @Nullable Long numberOrNull(String name) {
    return all.get(name) == Odd.NULL ? null : (Long) number(name);
  }

  @Nullable Boolean boolOrNull(String name) {
    return all.get(name) == Odd.NULL ? null : (Boolean) bool(name);
  }

  void requireAbsent(String name) {
    if (has(name)) {
      throw new UnreadableEventException(name + " is present, but not allowed for this kind");
    }
  }

  boolean hasAny(String... names) {
    return Stream.of(names).anyMatch(all::containsKey);
  }

  /** Numbers with their times, which are in three arrays. */
  List<Span> spans(String name) {
    List<Long> counts = numbers(name, 1);
    List<Long> after = numbers(name + "_after_us", 0);
    List<Long> before = numbers(name + "_before_us", 0);
    if (counts.size() > SeriesReport.MAX_SPANS
        || after.size() != counts.size()
        || before.size() != counts.size()) {
      throw new UnreadableEventException(
          name + " are too many, or " + name + "_after_us and _before_us are not one for each");
    }
    List<Span> spans = new ArrayList<>(counts.size());
    for (int i = 0; i < counts.size(); i++) {
      spans.add(new Span(counts.get(i), after.get(i), before.get(i)));
    }
    return spans;
  }

  Latencies latencies() {
    List<Integer> buckets = ascending("latency_buckets", Bounds.MAX_BUCKETS, 1);
    List<Long> counts = numbers("latency_counts", 1);
    if (counts.size() != buckets.size()) {
      throw new UnreadableEventException("latency_counts are not one for each bucket");
    }
    return new Latencies(buckets, counts);
  }

  /** One entry for each register that is not 0: its index times 64, and its rank from 1 to 63. */
  List<Integer> registers() {
    List<Integer> registers = ascending("registers", AuditRow.REGISTERS, AuditRow.RANKS);
    for (int register : registers) {
      if (register >= AuditRow.REGISTERS * AuditRow.RANKS || register % AuditRow.RANKS == 0) {
        throw new UnreadableEventException("registers holds " + register);
      }
    }
    return registers;
  }

  /** Max {@code max} numbers, of which each has a higher quotient by {@code unit}. */
  private List<Integer> ascending(String name, int max, int unit) {
    List<Integer> ascending = new ArrayList<>();
    for (long number : numbers(name, 0)) {
      if (number > Integer.MAX_VALUE
          || (!ascending.isEmpty() && number / unit <= ascending.getLast() / unit)
          || ascending.size() == max) {
        throw new UnreadableEventException(name + " are too many or not ascending");
      }
      ascending.add((int) number);
    }
    return ascending;
  }

  private List<Long> numbers(String name, long min) {
    if (!(all.get(name) instanceof List<?> list)) {
      throw new UnreadableEventException(name + " is missing or not an array of whole numbers");
    }
    List<Long> numbers = new ArrayList<>(list.size());
    for (Object element : list) {
      if (!(element instanceof Long number) || number < min || number > Bounds.MAX_WHOLE) {
        throw new UnreadableEventException(name + " holds " + element);
      }
      numbers.add(number);
    }
    return numbers;
  }
}
