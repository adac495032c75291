package io.ratelimiter.service.api.codec;

import io.ratelimiter.service.api.http.ProblemException;
import io.ratelimiter.service.limiter.Check;
import io.ratelimiter.service.limiter.CheckOptions;
import io.ratelimiter.service.rules.AttributeName;
import io.ratelimiter.service.rules.Attributes;
import io.ratelimiter.service.rules.Priority;
import io.ratelimiter.service.rules.Rule;
import io.ratelimiter.service.rules.Spending;

/** The grammar of the fields of a check, in JSON, queries and headers alike. */
public final class FieldGrammar {

  public static final String DEFAULT_TENANT = "default";
  public static final String DEFAULT_LIMIT_KEY = "global";

  /** The message for a check with a max wait to which only windows apply. */
  public static final String NO_BUCKET =
      "max_wait_ms must be 0: no token bucket applies to this check";

  private static final int MAX_IDENTIFIER_BYTES = 256;
  private static final int MAX_TENANT_CHARACTERS = 63;
  private static final int MAX_DECISION_ID_CHARACTERS = 64;

  private FieldGrammar() {}

  /**
   * Validates a client id, a limit key or the value of an attribute: 1 to 256 bytes of UTF-8, no
   * control characters, not the wildcard.
   *
   * @throws ProblemException 400, naming the field
   */
  public static String identifier(String field, String value) {
    if (value.isEmpty()) {
      throw ProblemException.invalid(field + " must not be empty");
    }
    if (value.equals(Rule.WILDCARD)) {
      throw ProblemException.invalid(field + " must not be *");
    }
    if (bytes(field, value) > MAX_IDENTIFIER_BYTES) {
      throw ProblemException.invalid(
          field + " must have at most " + MAX_IDENTIFIER_BYTES + " bytes of UTF-8");
    }
    return value;
  }

  /**
   * Validates the name of an attribute that is not a field of every check.
   *
   * @throws ProblemException 400, naming the field
   */
  public static String attributeName(String field, String name) {
    try {
      AttributeName.check(field, name);
      return name;
    } catch (IllegalArgumentException e) {
      throw ProblemException.invalid(String.valueOf(e.getMessage()));
    }
  }

  /** The message for too many attributes. */
  public static String attributesFault(String field) {
    return field + " must have at most " + Attributes.MAX + " members";
  }

  /** Length in bytes of UTF-8; validates each character. */
  private static int bytes(String field, String value) {
    int bytes = 0;
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (Character.isISOControl(c)) {
        throw ProblemException.invalid(field + " must not have control characters");
      }
      if (c < 0x80) {
        bytes++;
      } else if (c < 0x800) {
        bytes += 2;
      } else if (!Character.isSurrogate(c)) {
        bytes += 3;
      } else {
        refuseLoneSurrogate(field, value, i);
        bytes += 4;
        i++;
      }
    }
    return bytes;
  }

  private static void refuseLoneSurrogate(String field, String value, int index) {
    if (index + 1 == value.length()
        || !Character.isSurrogatePair(value.charAt(index), value.charAt(index + 1))) {
      throw ProblemException.invalid(field + " must be Unicode text, without lone surrogates");
    }
  }

  /**
   * Validates a tenant: {@code [a-z0-9][a-z0-9_-]{0,62}}.
   *
   * @throws ProblemException 400, naming the field
   */
  public static String tenant(String field, String value) {
    boolean valid = !value.isEmpty() && value.length() <= MAX_TENANT_CHARACTERS;
    for (int i = 0; valid && i < value.length(); i++) {
      char c = value.charAt(i);
      valid = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || (i > 0 && (c == '_' || c == '-'));
    }
    if (!valid) {
      throw ProblemException.invalid(field + " must match [a-z0-9][a-z0-9_-]{0,62}");
    }
    return value;
  }

  /**
   * Validates a cost: a whole number, 0 to 1 000 000.
   *
   * @throws ProblemException 400, naming the field
   */
  public static long cost(String field, long value) {
    if (value < 0 || value > Check.MAX_COST) {
      throw ProblemException.invalid(costFault(field));
    }
    return value;
  }

  /** The message for an invalid cost. */
  public static String costFault(String field) {
    return field + " must be a whole number from 0 to " + Check.MAX_COST;
  }

  /**
   * Validates the name of a priority.
   *
   * @throws ProblemException 400, naming the field
   */
  public static Priority priority(String field, String value) {
    return Priority.named(value)
        .orElseThrow(() -> ProblemException.invalid(field + " must be " + Priority.WIRE_NAMES));
  }

  /**
   * Validates the max wait of a check: a whole number of milliseconds, 0 to 30 000.
   *
   * @throws ProblemException 400, naming the field
   */
  public static long maxWait(String field, long millis) {
    return bounded(field, millis, Spending.MAX_WAIT_MILLIS);
  }

  /**
   * Validates the time to settle of a decision: a whole number of milliseconds, 0 to 3 600 000.
   *
   * @throws ProblemException 400, naming the field
   */
  static long settleWithin(String field, long millis) {
    return bounded(field, millis, CheckOptions.MAX_SETTLE_WITHIN_MILLIS);
  }

  private static long bounded(String field, long value, long max) {
    if (value < 0 || value > max) {
      throw ProblemException.invalid(field + " must be a whole number from 0 to " + max);
    }
    return value;
  }

  /**
   * Validates the id of a decision: {@code [0-9A-Za-z-]{1,64}}.
   *
   * @throws ProblemException 400, naming the field
   */
  static String decisionId(String field, String value) {
    boolean valid = !value.isEmpty() && value.length() <= MAX_DECISION_ID_CHARACTERS;
    for (int i = 0; valid && i < value.length(); i++) {
      char c = value.charAt(i);
      valid =
          (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '-';
    }
    if (!valid) {
      throw ProblemException.invalid(field + " must match [0-9A-Za-z-]{1,64}");
    }
    return value;
  }
}
