package io.ratelimiter.service.rules.json;

import io.ratelimiter.service.rules.WholeNumber;
import io.ratelimiter.service.rules.definition.InvalidRuleException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Reads the fields of one JSON object. A null counts as absent; a value of another type is refused,
 * never converted. Each method throws {@link InvalidRuleException} naming the field and the fault.
 */
record RuleFields(JsonNode object) {

  private static final int MAX_SHOWN = 100;

  RuleFields {
    if (!object.isObject()) {
      throw new InvalidRuleException("a rule must be a JSON object");
    }
  }

  /** The value; null if it is absent or null. */
  @Nullable JsonNode field(String name) {
    JsonNode node = object.get(name);
    return node == null || node.isNull() ? null : node;
  }

  boolean has(String name) {
    return field(name) != null;
  }

  @Nullable String textOrNull(String name) {
    JsonNode node = field(name);
    if (node == null) {
      return null;
    }
    if (!node.isString()) {
      throw new InvalidRuleException(name + " must be a string, not " + shown(node));
    }
    return node.stringValue();
  }

  String text(String name, String otherwise) {
    String text = textOrNull(name);
    return text == null ? otherwise : text;
  }

  String text(String name) {
    String text = textOrNull(name);
    if (text == null) {
      throw new InvalidRuleException(name + " is required");
    }
    return text;
  }

  @Nullable Long numberOrNull(String name) {
    JsonNode node = field(name);
    if (node == null) {
      return null;
    }
    OptionalLong number =
        node.isNumber() ? WholeNumber.of(node.decimalValue()) : OptionalLong.empty();
    return number.orElseThrow(
        () -> new InvalidRuleException(name + " must be a whole number, not " + shown(node)));
  }

  long number(String name, long otherwise) {
    Long number = numberOrNull(name);
    return number == null ? otherwise : number;
  }

  boolean flag(String name, boolean otherwise) {
    JsonNode node = field(name);
    if (node == null) {
      return otherwise;
    }
    if (!node.isBoolean()) {
      throw new InvalidRuleException(name + " must be true or false, not " + shown(node));
    }
    return node.booleanValue();
  }

  /**
   * @param allowed all words, for the message
   */
  <T> @Nullable T wordOrNull(String name, Function<String, Optional<T>> meaning, String allowed) {
    String word = textOrNull(name);
    return word == null
        ? null
        : meaning
            .apply(word)
            .orElseThrow(() ->
                new InvalidRuleException(
                    "%s must be %s, not \"%s\"".formatted(name, allowed, word)));
  }

  /** A time with its offset, as {@code 2026-11-27T00:00:00Z}; truncated to the microsecond. */
  @Nullable Instant timeOrNull(String name) {
    String text = textOrNull(name);
    if (text == null) {
      return null;
    }
    try {
      OffsetDateTime time = OffsetDateTime.parse(text);
      if (time.getYear() >= 1970 && time.getYear() <= 9999) {
        return time.toInstant().truncatedTo(ChronoUnit.MICROS);
      }
    } catch (DateTimeException e) {
      throw new InvalidRuleException(notATime(name, text), e);
    }
    throw new InvalidRuleException(notATime(name, text));
  }

  private static String notATime(String name, String text) {
    return "%s must be a time with its offset from 1970 to 9999, as 2026-11-27T00:00:00Z, not \"%s\""
        .formatted(name, text);
  }

  /** The patterns of {@code match} by attribute; none if it is absent. */
  SortedMap<String, String> match() {
    JsonNode node = field("match");
    return node == null ? new TreeMap<>() : MatchJson.read(node);
  }

  /** The names of {@code by}; null if it is absent. */
  @Nullable List<String> by() {
    JsonNode node = field("by");
    if (node == null) {
      return null;
    }
    if (!node.isArray()) {
      throw new InvalidRuleException("by must be an array, not " + shown(node));
    }
    List<String> names = new ArrayList<>();
    for (JsonNode name : node) {
      if (!name.isString()) {
        throw new InvalidRuleException(
            "by[%d] must be a string, not %s".formatted(names.size(), shown(name)));
      }
      names.add(name.stringValue());
    }
    return names;
  }

  /** Metadata in its stored form; an empty object if it is absent. */
  String metadata() {
    String name = "metadata";
    JsonNode node = field(name);
    if (node == null) {
      return "{}";
    }
    if (!node.isObject()) {
      throw new InvalidRuleException(name + " must be a JSON object");
    }
    return Metadata.text(node);
  }

  /** The value for a message, truncated: it may be as long as the body. */
  static String shown(JsonNode node) {
    String text = node.toString();
    return text.length() > MAX_SHOWN ? text.substring(0, MAX_SHOWN) + "…" : text;
  }
}
