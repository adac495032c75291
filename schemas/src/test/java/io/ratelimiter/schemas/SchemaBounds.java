package io.ratelimiter.schemas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Changes an example to the edge of each bound that its schema states, and beyond it. */
public final class SchemaBounds {

  private static final JsonMapper JSON = new JsonMapper();

  /** Fields whose value depends on another field. */
  private static final List<String> TIED =
      List.of("rule_id", "cost", "estimate", "uncharged", "window_start", "hour", "day");

  private final String type;
  private final EventSchemas schemas;
  private final JsonNode schema;

  /** A changed example, and what was changed. */
  private record Changed(String what, byte[] bytes) {}

  private interface Value {
    void put(ObjectNode object, String name);
  }

  private record Change(String what, String name, Value value) {}

  public SchemaBounds(String type, EventSchemas schemas) throws IOException {
    this.type = type;
    this.schemas = schemas;
    try (InputStream in =
        Objects.requireNonNull(
            SchemaBounds.class.getResourceAsStream("/schemas/" + type + ".json"))) {
      schema = JSON.readTree(in);
    }
  }

  /** Schema and reader accept an example at the edge of each bound and refuse it beyond. */
  public void assertEnforcedOn(JsonNode example, int min, Consumer<byte[]> read) {
    assertThat(outside(example))
        .hasSizeGreaterThan(min)
        .allSatisfy(broken -> {
          assertThat(schemas.faults(type, broken.bytes())).as(broken.what()).isNotEmpty();
          assertThatThrownBy(() -> read.accept(broken.bytes()))
              .as(broken.what())
              .isInstanceOf(UnreadableEventException.class);
        });
    assertThat(atTheirEdge(example))
        .allSatisfy(edge ->
            assertThatCode(() -> read.accept(edge.bytes()))
                .as(edge.what())
                .doesNotThrowAnyException());
  }

  private List<Changed> outside(JsonNode example) {
    List<Change> changes = new ArrayList<>();
    properties(example).forEachEntry((name, rule) -> outside(name, rule, changes));
    List<Changed> all = new ArrayList<>(applied(example, changes));
    JsonNode limits = example.get("limits");
    if (limits != null) {
      all.addAll(outsideIn((ArrayNode) limits, example));
      ObjectNode many = (ObjectNode) example.deepCopy();
      ArrayNode list = many.putArray("limits");
      for (int i = 0; i <= Bounds.MAX_LIMITS; i++) {
        limits.forEach(list::add);
      }
      if (!limits.isEmpty()) {
        all.add(new Changed("too many limits", JSON.writeValueAsBytes(many)));
      }
    }
    return all;
  }

  private List<Changed> outsideIn(ArrayNode limits, JsonNode example) {
    List<Changed> all = new ArrayList<>();
    for (int i = 0; i < limits.size(); i++) {
      List<Change> changes = new ArrayList<>();
      schema
          .at("/properties/limits/items/properties")
          .forEachEntry((name, rule) -> outside(name, rule, changes));
      for (Change change : changes) {
        ObjectNode whole = (ObjectNode) example.deepCopy();
        ObjectNode limit = (ObjectNode) whole.get("limits").get(i);
        JsonNode now = limit.get(change.name());
        if (now != null && !now.isNull()) {
          change.value().put(limit, change.name());
          all.add(new Changed("limits: " + change.what(), JSON.writeValueAsBytes(whole)));
        }
      }
    }
    return all;
  }

  /** Each number at its max, unless another field depends on it. */
  private List<Changed> atTheirEdge(JsonNode example) {
    List<Change> changes = new ArrayList<>();
    properties(example)
        .forEachEntry((name, rule) -> {
          if (rule.has("maximum") && !TIED.contains(name)) {
            changes.add(
                new Change(name + " at its max", name, (o, n) -> o.set(n, rule.get("maximum"))));
          }
        });
    return applied(example, changes);
  }

  private JsonNode properties(JsonNode example) {
    JsonNode kind = example.get("kind");
    JsonNode own = kind == null ? null : schema.at("/$defs/" + kind.asString() + "/properties");
    return own == null || own.isMissingNode() ? schema.get("properties") : own;
  }

  private static List<Changed> applied(JsonNode example, List<Change> changes) {
    List<Changed> all = new ArrayList<>();
    for (Change change : changes) {
      JsonNode now = example.get(change.name());
      if (now != null && !now.isNull()) {
        ObjectNode copy = (ObjectNode) example.deepCopy();
        change.value().put(copy, change.name());
        all.add(new Changed(change.what(), JSON.writeValueAsBytes(copy)));
      }
    }
    return all;
  }

  private static void outside(String name, JsonNode rule, List<Change> changes) {
    if (rule.has("maximum")) {
      BigDecimal over = rule.get("maximum").decimalValue().add(BigDecimal.ONE);
      BigInteger whole = over.toBigInteger();
      changes.add(new Change(name + " is " + whole, name, (o, n) -> o.put(n, whole)));
    }
    if (rule.has("minimum")) {
      long under = rule.get("minimum").asLong() - 1;
      changes.add(new Change(name + " is " + under, name, (o, n) -> o.put(n, under)));
    }
    if (rule.has("maxLength")) {
      put(name, "x".repeat(rule.get("maxLength").asInt() + 1), changes);
    }
    if (rule.has("pattern")) {
      for (String text : List.of("", "nul\0", "line\nbreak", "\u0085", "lone \ud83d", "\udc00x")) {
        put(name, text, changes);
      }
    }
    if (rule.has("enum")) {
      put(name, "not in the enumeration", changes);
    }
    if (rule.has("not")) {
      put(name, rule.at("/not/const").asString(), changes);
    }
  }

  private static void put(String name, String text, List<Change> changes) {
    String shown =
        text.length() > 20 ? text.length() + " characters" : JSON.writeValueAsString(text);
    changes.add(new Change(name + " is " + shown, name, (o, n) -> o.put(n, text)));
  }
}
