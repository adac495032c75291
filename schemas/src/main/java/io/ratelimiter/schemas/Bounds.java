package io.ratelimiter.schemas;

import org.jspecify.annotations.Nullable;

/**
 * The bounds of what stands on the topics: the readers refuse what lies outside, the JSON Schemas
 * state the same. Within them every event fits a row of the tables and no sum overflows.
 */
public final class Bounds {

  /** Every whole number, times included: exact in each JSON reader (RFC 7493), in µs 2255-06-05. */
  public static final long MAX_WHOLE = (1L << 53) - 1;

  /** Units of one check or refund. */
  public static final long MAX_COST = 1_000_000;

  /** One day: a decision that took longer is a fault of its publisher's clock. */
  public static final long MAX_LATENCY_MICROS = 86_400_000_000L;

  /** Client ids, limit keys, ids of events, instances, epochs: bytes of UTF-8. */
  public static final int MAX_TEXT_BYTES = 256;

  /** Names of rules: bytes of UTF-8. */
  public static final int MAX_RULE_BYTES = 128;

  /** Limits of one event: five cells of eight rules. */
  public static final int MAX_LIMITS = 40;

  /** Buckets of a latency histogram; a day of microseconds ends at bucket 630. */
  static final int MAX_BUCKETS = 1_024;

  private static final int MAX_TENANT_CHARACTERS = 63;
  private static final int MAX_CORRELATION_ID_CHARACTERS = 128;

  private Bounds() {}

  /**
   * The sum of two whole numbers within {@link #MAX_WHOLE}, and that where it would be more: cannot
   * overflow. Costs come to that after 9·10⁹ decisions of the greatest cost in one row, latencies
   * after 10⁵ of a day each.
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

  private static boolean isLowerCaseOrDigit(char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
  }

  /**
   * What keeps a value from being text that every reader and table can hold: null when nothing
   * does. Control characters include NUL, which PostgreSQL refuses.
   */
  static @Nullable String textFault(String value, int maxBytes) {
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
