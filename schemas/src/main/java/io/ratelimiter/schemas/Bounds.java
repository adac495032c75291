package io.ratelimiter.schemas;

import org.jspecify.annotations.Nullable;

/**
 * The bounds of values on the topics, which the readers enforce and the JSON Schemas state. Within
 * them each event fits into the tables and no sum overflows.
 */
public final class Bounds {

  /** Max of all whole numbers, times included: exact in JSON (RFC 7493); as µs 2255-06-05. */
  public static final long MAX_WHOLE = (1L << 53) - 1;

  /** Max units of one check or refund. */
  public static final long MAX_COST = 1_000_000;

  /** Max latency, one day; a longer one is a fault of the publisher's clock. */
  public static final long MAX_LATENCY_MICROS = 86_400_000_000L;

  /** Max time that a check may wait, ms. */
  public static final long MAX_WAIT_MILLIS = 30_000;

  /** Max wait from the decision's time, with a minute by which clocks may differ. */
  public static final long MAX_WAIT_MICROS = 90_000_000;

  /** Max time for which a decision can be settled, ms: an hour. */
  public static final long MAX_SETTLE_WITHIN_MILLIS = 3_600_000;

  /** Max length of client ids, limit keys, ids of events, instances and epochs, bytes of UTF-8. */
  public static final int MAX_TEXT_BYTES = 256;

  /** Max length of a rule's name, bytes of UTF-8. */
  public static final int MAX_RULE_BYTES = 128;

  /** Max limits of one event: five cells of eight rules. */
  public static final int MAX_LIMITS = 40;

  /** Max attributes of one event. */
  public static final int MAX_ATTRIBUTES = 16;

  /** Max attributes that one limit counts by. */
  public static final int MAX_BY = 4;

  /**
   * Max size of an event within these bounds, bytes of JSON; a quarter of the max size of a record
   * with Kafka's defaults.
   */
  public static final int MAX_EVENT_BYTES = 256 * 1024;

  /** Max buckets of a latency histogram; a latency of one day is in bucket 630. */
  public static final int MAX_BUCKETS = 1_024;

  private static final int MAX_TENANT_CHARACTERS = 63;
  private static final int MAX_ATTRIBUTE_NAME_CHARACTERS = 63;
  private static final int MAX_CORRELATION_ID_CHARACTERS = 128;

  private Bounds() {}

  /**
   * The sum of two whole numbers, max {@link #MAX_WHOLE}, so that it never overflows. A row reaches
   * it after 9·10⁹ decisions of the max cost, or 10⁵ decisions with a latency of one day.
   */
  public static long sum(long first, long second) {
    return Math.min(first + second, MAX_WHOLE);
  }

  /** Whether it is {@code [A-Za-z0-9._-]{1,128}}. */
  public static boolean isCorrelationId(String value) {
    boolean valid = !value.isEmpty() && value.length() <= MAX_CORRELATION_ID_CHARACTERS;
    for (int i = 0; valid && i < value.length(); i++) {
      char c = value.charAt(i);
      valid = isLowerCaseOrDigit(c) || (c >= 'A' && c <= 'Z') || c == '.' || c == '_' || c == '-';
    }
    return valid;
  }

  /** Whether it is {@code [a-z0-9][a-z0-9_-]{0,62}}. */
  static boolean isTenant(String value) {
    boolean valid = !value.isEmpty() && value.length() <= MAX_TENANT_CHARACTERS;
    for (int i = 0; valid && i < value.length(); i++) {
      char c = value.charAt(i);
      valid = isLowerCaseOrDigit(c) || (i > 0 && (c == '_' || c == '-'));
    }
    return valid;
  }

  /** Whether it is {@code [a-z][a-z0-9_.-]{0,62}}. */
  static boolean isAttributeName(String value) {
    boolean valid = !value.isEmpty() && value.length() <= MAX_ATTRIBUTE_NAME_CHARACTERS;
    for (int i = 0; valid && i < value.length(); i++) {
      char c = value.charAt(i);
      valid = (c >= 'a' && c <= 'z') || (i > 0 && isWithinAttributeName(c));
    }
    return valid;
  }

  private static boolean isWithinAttributeName(char c) {
    return (c >= '0' && c <= '9') || c == '_' || c == '.' || c == '-';
  }

  private static boolean isLowerCaseOrDigit(char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
  }

  /**
   * The fault of a text that a reader or a table would refuse, to follow the name of its field;
   * null when there is none. PostgreSQL refuses NUL, which is a control character.
   */
  public static @Nullable String textFault(String value, int maxBytes) {
    if (value.isEmpty()) {
      return "is empty";
    }
    int bytes = 0;
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c == 0) {
        return "holds a NUL character";
      }
      if (Character.isISOControl(c)) {
        return "holds a control character";
      }
      if (Character.isSurrogate(c)) {
        if (i + 1 == value.length() || !Character.isSurrogatePair(c, value.charAt(i + 1))) {
          return "holds a lone surrogate";
        }
        i++;
        bytes += 4;
      } else {
        bytes += c < 0x80 ? 1 : c < 0x800 ? 2 : 3;
      }
    }
    return bytes > maxBytes ? "has " + bytes + " bytes of UTF-8, more than " + maxBytes : null;
  }
}
