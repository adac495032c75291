package io.ratelimiter.schemas;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.sym.PropertyNameMatcher;
import tools.jackson.core.util.Named;

/**
 * The fields of one object, read token by token; each is asked for as what it must be. Unknown
 * fields are skipped, and of two of one name the later one counts.
 */
final class EventFields {

  /** Every name that an event knows, in whichever object. */
  enum Name {
    SCHEMA_VERSION,
    DECISION_ID,
    ADJUSTMENT_ID,
    KIND,
    INSTANCE,
    EPOCH,
    PARTITION,
    SEQ,
    CORRELATION_ID,
    TENANT,
    CLIENT_ID,
    LIMIT_KEY,
    COST,
    ALLOWED,
    REASON,
    REMAINING,
    LIMIT,
    WINDOW_SECONDS,
    WINDOW,
    BURST,
    RESET_AT,
    RETRY_AFTER_MS,
    ALGORITHM,
    RULE,
    RULE_ID,
    RULE_TENANT,
    RULE_LIMIT_KEY,
    RULE_REVISION,
    MODE,
    SHARED,
    AT_US,
    REBASED,
    CHARGED,
    GIVEN_BACK,
    REFUND_ID,
    SOURCE,
    DEGRADED,
    DEGRADED_REASON,
    DECIDED_AT_US,
    LATENCY_US,
    LIMITS,
    ISSUED,
    ACKED,
    SPOOLED,
    DROPPED,
    SETTLED_SEQ,
    SETTLED_DROPPED,
    CLOSED,
    UNKNOWN_TAIL;

    private static final Name[] ALL = values();

    String json() {
      return name().toLowerCase(Locale.ROOT);
    }

    /** Finds a name from its bytes, without making a string of them. */
    static PropertyNameMatcher matcher(JsonFactory json) {
      List<Named> names = Stream.of(ALL).map(name -> Named.fromString(name.json())).toList();
      return json.constructNameMatcher(names, false);
    }
  }

  /** What stands where a value is null, or of a kind that no field has. */
  private enum Odd {
    NULL,
    OTHER
  }

  private final @Nullable Object[] values = new @Nullable Object[Name.ALL.length];

  private EventFields() {}

  /** Reads the object that the parser stands at, to its end. */
  static EventFields read(JsonParser in, PropertyNameMatcher names) {
    EventFields fields = new EventFields();
    int name = in.nextNameMatch(names);
    while (name != PropertyNameMatcher.MATCH_END_OBJECT) {
      in.nextToken();
      if (name >= 0) {
        fields.values[name] = value(in, names, Name.ALL[name] == Name.LIMITS);
      } else {
        in.skipChildren();
      }
      name = in.nextNameMatch(names);
    }
    return fields;
  }

  private static Object value(JsonParser in, PropertyNameMatcher names, boolean isLimits) {
    return switch (in.currentToken()) {
      case VALUE_STRING -> in.getString();
      case VALUE_NUMBER_INT -> whole(in);
      case VALUE_NUMBER_FLOAT -> in.getDecimalValue();
      case VALUE_TRUE -> true;
      case VALUE_FALSE -> false;
      case VALUE_NULL -> Odd.NULL;
      case START_ARRAY -> isLimits ? objects(in, names) : skipped(in);
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

  boolean isNull(Name name) {
    return required(name) == Odd.NULL;
  }

  String text(Name name) {
    if (required(name) instanceof String text) {
      return text;
    }
    throw wrong(name, "a string");
  }

  @Nullable String textOrNull(Name name) {
    return isNull(name) ? null : text(name);
  }

  long number(Name name) {
    if (required(name) instanceof Long number) {
      return number;
    }
    throw wrong(name, "a whole number");
  }

  /** A number that fits an int. */
  int smallNumber(Name name) {
    long number = number(name);
    if (number != (int) number) {
      throw wrong(name, "a number of 32 bits");
    }
    return (int) number;
  }

  @Nullable Long numberOrNull(Name name) {
    return isNull(name) ? null : (Long) number(name);
  }

  /** A number of seconds, in milliseconds. */
  long millis(Name name) {
    Object value = required(name);
    try {
      if (value instanceof BigDecimal seconds) {
        return seconds.scaleByPowerOfTen(3).longValueExact();
      }
      if (value instanceof Long seconds) {
        return Math.multiplyExact(seconds, 1_000L);
      }
    } catch (ArithmeticException e) {
      throw new UnreadableEventException(name.json() + " is not in whole milliseconds", e);
    }
    throw wrong(name, "a number of seconds");
  }

  boolean bool(Name name) {
    if (required(name) instanceof Boolean bool) {
      return bool;
    }
    throw wrong(name, "true or false");
  }

  /** The objects of the field {@code limits}. */
  List<EventFields> limits() {
    if (required(Name.LIMITS) instanceof List<?> limits) {
      return limits.stream().map(EventFields.class::cast).toList();
    }
    throw wrong(Name.LIMITS, "an array");
  }

  @SuppressWarnings("EnumOrdinal") // The matcher answers the place of a name in the enum.
  private Object required(Name name) {
    Object value = values[name.ordinal()];
    if (value == null) {
      throw new UnreadableEventException(name.json() + " is missing");
    }
    return value;
  }

  private static UnreadableEventException wrong(Name name, String expected) {
    return new UnreadableEventException(name.json() + " is not " + expected);
  }
}
