package io.ratelimiter.service.api.mvc.rules;

import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** An answer as a document prints it: JSON, in which {@code …} stands for further members. */
record PrintedAnswer(JsonNode json) {

  private static final JsonMapper MAPPER = new JsonMapper();
  private static final String FURTHER = "…";

  static PrintedAnswer of(String text) {
    return new PrintedAnswer(MAPPER.readTree(text.replace(FURTHER, "\"" + FURTHER + "\": null")));
  }

  /** What differs in an answer, by the path of the field; empty if it is the printed one. */
  List<String> faults(JsonNode answer) {
    List<String> faults = new ArrayList<>();
    compare("", json, answer, faults);
    return faults;
  }

  private static void compare(String path, JsonNode printed, JsonNode answer, List<String> faults) {
    if (printed.isObject() && answer.isObject()) {
      compareMembers(path, printed, answer, faults);
    } else if (printed.isArray() && answer.isArray() && printed.size() == answer.size()) {
      for (int i = 0; i < printed.size(); i++) {
        compare(path + "[" + i + "]", printed.get(i), answer.get(i), faults);
      }
    } else if (!printed.equals(answer)) {
      faults.add("%s is %s, not %s".formatted(path, answer, printed));
    }
  }

  private static void compareMembers(
      String path, JsonNode printed, JsonNode answer, List<String> faults) {
    for (var member : printed.properties()) {
      String name = member.getKey();
      if (!name.equals(FURTHER)) {
        compare(path + "." + name, member.getValue(), answer.path(name), faults);
      }
    }
    boolean further = answer.propertyNames().stream().anyMatch(name -> !printed.has(name));
    if (further != printed.has(FURTHER)) {
      faults.add(path + (further ? " has further members" : " has no further members"));
    }
  }
}
