package io.ratelimiter.endtoend.shipped;

import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/**
 * A label selector.
 *
 * @param labels required labels with their value
 * @param choices required labels with their possible values
 */
record Selector(Map<String, JsonNode> labels, Map<String, List<String>> choices) {

  /** A selector with {@code matchLabels} and {@code matchExpressions}. */
  static Selector of(JsonNode selector) {
    Map<String, List<String>> choices = new java.util.TreeMap<>();
    for (JsonNode one : selector.path("matchExpressions")) {
      if (!one.path("operator").asString().equals("In")) {
        throw new UnsupportedOperationException("unsupported selector: " + one);
      }
      choices.put(one.path("key").asString(), Shipped.strings(one.path("values")));
    }
    return new Selector(entries(selector.path("matchLabels")), choices);
  }

  /** A selector of labels only. */
  static Selector ofLabels(JsonNode labels) {
    return new Selector(entries(labels), Map.of());
  }

  private static Map<String, JsonNode> entries(JsonNode labels) {
    Map<String, JsonNode> entries = new java.util.TreeMap<>();
    labels.properties().forEach(one -> entries.put(one.getKey(), one.getValue()));
    return entries;
  }

  boolean matches(JsonNode labelled) {
    return labels.entrySet().stream()
            .allMatch(one -> labelled.path(one.getKey()).equals(one.getValue()))
        && choices.entrySet().stream()
            .allMatch(one -> one.getValue().contains(labelled.path(one.getKey()).asString("")));
  }
}
