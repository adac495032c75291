package io.ratelimiter.service.rules.json;

import io.ratelimiter.service.rules.definition.InvalidRuleException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.StringNode;

/**
 * The bounds of {@code metadata}, the same as the table's constraints {@code metadata_…}. The size
 * is that of PostgreSQL's text of a {@code jsonb}: a space after each comma and colon, numbers
 * without an exponent.
 */
public final class Metadata {

  /** Max size of the text, bytes in UTF-8. */
  public static final int MAX_BYTES = 16_384;

  /** Max depth of nesting. */
  static final int MAX_LEVELS = 32;

  /** The fault that is shown in place of metadata that breaks the bounds. */
  static final String UNREADABLE =
      "metadata is stored, but not shown: it must have at most %d bytes and %d levels, and only numbers that a double holds"
          .formatted(MAX_BYTES, MAX_LEVELS);

  private static final BigDecimal MIN_NUMBER = new BigDecimal("1e-300");
  private static final BigDecimal MAX_NUMBER = new BigDecimal("1e300");

  /** Max decimal exponent of a number within the bounds. */
  private static final int MAX_EXPONENT = 300;

  private Metadata() {}

  /**
   * The text to be stored.
   *
   * @throws InvalidRuleException naming the bound that is broken
   */
  public static String text(JsonNode object) {
    StringBuilder text = new StringBuilder();
    append(text, object, 1);
    if (text.toString().getBytes(StandardCharsets.UTF_8).length > MAX_BYTES) {
      throw invalid("have at most " + MAX_BYTES + " bytes");
    }
    return text.toString();
  }

  /** Whether stored text, which must be JSON, is within the bounds. */
  public static boolean readable(String stored) {
    if (stored.length() > MAX_BYTES) {
      return false;
    }
    try {
      text(StrictJson.parse(stored));
      return true;
    } catch (InvalidRuleException _) {
      return false;
    }
  }

  private static void append(StringBuilder text, JsonNode node, int level) {
    if (text.length() > MAX_BYTES) {
      throw invalid("have at most " + MAX_BYTES + " bytes");
    }
    if (node.isContainer()) {
      appendContainer(text, node, level);
    } else {
      text.append(scalar(node));
    }
  }

  private static void appendContainer(StringBuilder text, JsonNode node, int level) {
    if (level > MAX_LEVELS) {
      throw invalid("have at most " + MAX_LEVELS + " levels");
    }
    if (node.isObject()) {
      text.append('{');
      for (var member : node.properties()) {
        separate(text, '{').append(quoted(member.getKey())).append(": ");
        append(text, member.getValue(), level + 1);
      }
      text.append('}');
    } else {
      text.append('[');
      for (JsonNode item : node) {
        append(separate(text, '['), item, level + 1);
      }
      text.append(']');
    }
  }

  /**
   * Appends a comma, except before the first member: only then is the last character {@code open}.
   */
  private static StringBuilder separate(StringBuilder text, char open) {
    return text.charAt(text.length() - 1) == open ? text : text.append(", ");
  }

  private static String scalar(JsonNode node) {
    if (node.isString()) {
      return quoted(node.stringValue());
    }
    return node.isNumber() ? number(node.decimalValue()) : node.toString();
  }

  private static String quoted(String text) {
    if (text.codePoints().anyMatch(c -> c == 0 || (c >= 0xD800 && c <= 0xDFFF))) {
      throw invalid("be text without NUL and lone surrogates");
    }
    return StringNode.valueOf(text).toString();
  }

  private static String number(BigDecimal number) {
    if (!survives(number)) {
      throw invalid(
          "have only numbers that a double holds as they are, 0 or 1e-300 to 1e300 in size");
    }
    return number.signum() == 0 ? "0" : number.toPlainString();
  }

  /** Whether the number stays the same when it is read as a double and written again. */
  private static boolean survives(BigDecimal number) {
    if (number.signum() == 0) {
      return true;
    }
    // Checked first: the other checks expand the exponent.
    long exponent = (long) number.precision() - number.scale() - 1;
    if (Math.abs(exponent) > MAX_EXPONENT) {
      return false;
    }
    BigDecimal size = number.abs();
    return size.compareTo(MIN_NUMBER) >= 0
        && size.compareTo(MAX_NUMBER) <= 0
        && new BigDecimal(Double.toString(Double.parseDouble(number.toString()))).compareTo(number)
            == 0;
  }

  private static InvalidRuleException invalid(String bound) {
    return new InvalidRuleException("metadata must " + bound);
  }
}
