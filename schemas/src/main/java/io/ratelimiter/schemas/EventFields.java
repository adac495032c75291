package io.ratelimiter.schemas;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.sym.PropertyNameMatcher;

/**
 * The fields of one JSON object, with a method for each type that a field can have. Unknown fields
 * are ignored; of two fields with the same name the last one is kept.
 */
final class EventFields {

  /** Placeholder for null, and for a value of a type that no field has. */
  private enum Odd {
    NULL,
    OTHER
  }

  private final @Nullable Object[] values = new @Nullable Object[FieldName.ALL.length];

  private EventFields() {}

  /** Reads the object at which the parser is, up to its end. */
  static EventFields read(JsonParser in, PropertyNameMatcher names) {
    EventFields fields = new EventFields();
    int name = in.nextNameMatch(names);
    while (name != PropertyNameMatcher.MATCH_END_OBJECT) {
      in.nextToken();
      if (name >= 0) {
        fields.values[name] = value(in, names, FieldName.ALL[name]);
      } else {
        in.skipChildren();
      }
      name = in.nextNameMatch(names);
    }
    return fields;
  }

  private static Object value(JsonParser in, PropertyNameMatcher names, FieldName name) {
    return switch (in.currentToken()) {
      case VALUE_STRING -> in.getString();
      case VALUE_NUMBER_INT -> whole(in);
      case VALUE_NUMBER_FLOAT -> in.getDecimalValue();
      case VALUE_TRUE -> true;
      case VALUE_FALSE -> false;
      case VALUE_NULL -> Odd.NULL;
      case START_ARRAY -> array(in, names, name);
      case START_OBJECT -> name == FieldName.ATTRIBUTES ? Texts.object(in) : skipped(in);
      default -> skipped(in);
    };
  }

  private static Object array(JsonParser in, PropertyNameMatcher names, FieldName name) {
    return switch (name) {
      case LIMITS -> objects(in, names);
      case BY, COUNTER -> Texts.array(in);
      default -> skipped(in);
    };
  }

  private static Object whole(JsonParser in) {
    return in.getNumberType() == JsonParser.NumberType.BIG_INTEGER
        ? in.getDecimalValue()
        : (Object) in.getLongValue();
  }

  private static Object skipped(JsonParser in) {
    in.skipChildren();
    return Odd.OTHER;
  }

  private static List<EventFields> objects(JsonParser in, PropertyNameMatcher names) {
    List<EventFields> objects = new ArrayList<>(2);
    while (!in.nextToken().isStructEnd()) {
      if (!in.isExpectedStartObjectToken()) {
        throw new UnreadableEventException("limits holds something that is not an object");
      }
      objects.add(read(in, names));
    }
    return objects;
  }

  boolean isNull(FieldName name) {
    return required(name) == Odd.NULL;
  }

  /** Text of 1 to 256 bytes of UTF-8, without control characters. */
  String text(FieldName name) {
    return text(name, Bounds.MAX_TEXT_BYTES);
  }

  /** Text of 1 to {@code maxBytes} bytes of UTF-8, without control characters. */
  String text(FieldName name, int maxBytes) {
    String text = anyText(name);
    String fault = Bounds.textFault(text, maxBytes);
    if (fault != null) {
      throw new UnreadableEventException(name.json() + " " + fault);
    }
    return text;
  }

  @Nullable String textOrNull(FieldName name) {
    return isNull(name) ? null : text(name);
  }

  /** A client id or a limit key of a caller. */
  String identifier(FieldName name) {
    String text = text(name);
    if (text.equals("*")) {
      throw wrong(name, "an identifier, but the wildcard");
    }
    return text;
  }

  String tenant(FieldName name) {
    String text = anyText(name);
    if (!Bounds.isTenant(text)) {
      throw wrong(name, "[a-z0-9][a-z0-9_-]{0,62}");
    }
    return text;
  }

  /** The publisher's region, which has the form of a tenant; null when the field is absent. */
  @Nullable String region() {
    return isAbsent(FieldName.REGION) ? null : tenant(FieldName.REGION);
  }

  /** Requires that the field {@code type}, if present, is this. */
  void requireType(String type) {
    if (!isAbsent(FieldName.TYPE) && !anyText(FieldName.TYPE).equals(type)) {
      throw wrong(FieldName.TYPE, type);
    }
  }

  String correlationId() {
    String text = anyText(FieldName.CORRELATION_ID);
    if (!Bounds.isCorrelationId(text)) {
      throw wrong(FieldName.CORRELATION_ID, "[A-Za-z0-9._-]{1,128}");
    }
    return text;
  }

  String oneOf(FieldName name, Set<String> words) {
    String text = anyText(name);
    if (!words.contains(text)) {
      throw wrong(name, "one of " + new TreeSet<>(words));
    }
    return text;
  }

  @Nullable String oneOfOrNull(FieldName name, Set<String> words) {
    return isNull(name) ? null : oneOf(name, words);
  }

  private String anyText(FieldName name) {
    if (required(name) instanceof String text) {
      return text;
    }
    throw wrong(name, "a string");
  }

  /** A whole number from 0 to 2^53 - 1. */
  long number(FieldName name) {
    return number(name, 0, Bounds.MAX_WHOLE);
  }

  long number(FieldName name, long min, long max) {
    if (!(required(name) instanceof Long number)) {
      throw wrong(name, "a whole number");
    }
    if (number < min || number > max) {
      throw new UnreadableEventException(
          name.json() + " is " + number + ", not from " + min + " to " + max);
    }
    return number;
  }

  @Nullable Long numberOrNull(FieldName name, long min) {
    return isNull(name) ? null : (Long) number(name, min, Bounds.MAX_WHOLE);
  }

  /** A whole number from 0; null when the field is absent. */
  @Nullable Long numberIfPresent(FieldName name) {
    return isAbsent(name) ? null : (Long) number(name, 0, Bounds.MAX_WHOLE);
  }

  /** A whole number from 0 to {@code max}; 0 when the field is absent. */
  long numberOrZero(FieldName name, long max) {
    return isAbsent(name) ? 0 : number(name, 0, max);
  }

  /** The number of a partition. */
  int partition() {
    return (int) number(FieldName.PARTITION, 0, Integer.MAX_VALUE);
  }

  /** A number of seconds, in milliseconds. */
  long millis(FieldName name) {
    Object value = required(name);
    long millis;
    try {
      millis =
          switch (value) {
            case BigDecimal seconds -> seconds.scaleByPowerOfTen(3).longValueExact();
            case Long seconds -> Math.multiplyExact(seconds, 1_000L);
            default -> throw wrong(name, "a number of seconds");
          };
    } catch (ArithmeticException e) {
      throw new UnreadableEventException(name.json() + " is not in whole milliseconds", e);
    }
    if (millis < 0 || millis > Bounds.MAX_WHOLE) {
      throw wrong(name, "between 1970 and 2^53 - 1 milliseconds later");
    }
    return millis;
  }

  @Nullable Long millisOrNull(FieldName name) {
    return isNull(name) ? null : (Long) millis(name);
  }

  boolean bool(FieldName name) {
    if (required(name) instanceof Boolean bool) {
      return bool;
    }
    throw wrong(name, "true or false");
  }

  @Nullable Boolean boolOrNull(FieldName name) {
    return isNull(name) ? null : (Boolean) bool(name);
  }

  /** The objects of the field {@code limits}. */
  List<EventFields> limits() {
    if (required(FieldName.LIMITS) instanceof List<?> limits) {
      if (limits.size() > Bounds.MAX_LIMITS) {
        throw new UnreadableEventException(
            "limits has " + limits.size() + " entries, more than " + Bounds.MAX_LIMITS);
      }
      return limits.stream().map(EventFields.class::cast).toList();
    }
    throw wrong(FieldName.LIMITS, "an array");
  }

  /** Requires that all of these fields are present and null. */
  void requireNull(List<FieldName> names, String when) {
    for (FieldName name : names) {
      if (!isNull(name)) {
        throw new UnreadableEventException(name.json() + " is not null " + when);
      }
    }
  }

  /** The strings of an array of strings; null for each element of another type. */
  @SuppressWarnings("unchecked") // Arrays of these fields are read by Texts.
  List<@Nullable String> textArray(FieldName name) {
    if (required(name) instanceof List<?> texts) {
      return (List<@Nullable String>) texts;
    }
    throw wrong(name, "an array");
  }

  /** The members of an object of strings; null for each value of another type. */
  @SuppressWarnings("unchecked") // Objects are read by Texts.
  Map<String, @Nullable String> textObject(FieldName name) {
    if (required(name) instanceof Map<?, ?> texts) {
      return (Map<String, @Nullable String>) texts;
    }
    throw wrong(name, "an object");
  }

  boolean isAbsent(FieldName name) {
    return value(name) == null;
  }

  @SuppressWarnings("EnumOrdinal") // The matcher returns the index of a name in the enum.
  private @Nullable Object value(FieldName name) {
    return values[name.ordinal()];
  }

  private Object required(FieldName name) {
    Object value = value(name);
    if (value == null) {
      throw new UnreadableEventException(name.json() + " is missing");
    }
    return value;
  }

  private static UnreadableEventException wrong(FieldName name, String expected) {
    return new UnreadableEventException(name.json() + " is not " + expected);
  }
}
