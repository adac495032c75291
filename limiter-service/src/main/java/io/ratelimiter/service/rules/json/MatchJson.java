package io.ratelimiter.service.rules.json;

import io.ratelimiter.service.rules.definition.InvalidRuleException;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Reads and writes the field {@code match} of a rule: an object of attribute to pattern. */
public final class MatchJson {

  /** Max size of a valid match, bytes of JSON in UTF-8: 16 members take less than 10 KiB. */
  public static final int MAX_BYTES = 10_240;

  private static final String EMPTY = "{}";
  private static final int MAX_SHOWN_NAME = 63;

  private MatchJson() {}

  /** The match as a JSON object. */
  public static ObjectNode of(Map<String, String> match) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    match.forEach(json::put);
    return json;
  }

  /**
   * The patterns of this JSON value, by attribute.
   *
   * @throws InvalidRuleException when it is not an object of strings; bounds are not checked
   */
  public static SortedMap<String, String> read(JsonNode json) {
    if (!json.isObject()) {
      throw new InvalidRuleException("match must be an object");
    }
    SortedMap<String, String> match = new TreeMap<>();
    for (var member : json.properties()) {
      if (!member.getValue().isString()) {
        throw new InvalidRuleException(
            "match.%s must be a string".formatted(shown(member.getKey())));
      }
      match.put(member.getKey(), member.getValue().stringValue());
    }
    return match;
  }

  /**
   * As {@link #read}, from stored text.
   *
   * @throws InvalidRuleException when it is not an object of strings; bounds are not checked
   */
  public static SortedMap<String, String> parse(String stored) {
    return stored.equals(EMPTY) ? new TreeMap<>() : read(StrictJson.parse(stored));
  }

  private static String shown(String name) {
    return name.length() > MAX_SHOWN_NAME ? name.substring(0, MAX_SHOWN_NAME) + "…" : name;
  }
}
