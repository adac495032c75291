package io.ratelimiter.schemas;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Requirements of linters and client generators on openapi.json: rules of Redocly's recommended
 * set, and a form for which openapi-python-client omits a schema.
 */
class OpenApiDocumentTests {

  private static final String FILE = "/openapi.json";
  private static final Pattern REF = Pattern.compile("\"#/components/([^\"]+)\"");
  private static final Set<String> METHODS =
      Set.of("get", "put", "post", "delete", "options", "head", "patch", "trace");

  @Test
  void theDocumentHasNoneOfTheKnownFaults() {
    assertThat(faults(text())).isEmpty();
  }

  /** The right text, a wrong one in its place, and the fault that must then be found. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          "security": [],                  |                                   | post /v1/check has no security
          responses/TooManyWrongTokens"    | responses/Conflict"               | responses/TooManyWrongTokens is not used
          "state": {"type"                 | "states": {"type"                 | requires state, which it does not define
          "enum": ["store_unavailable"]    | "const": "store_unavailable"      | both branches define reason
          """)
  void aFaultIsFound(String right, String wrong, String named) {
    String text = text();
    assertThat(text).contains(right);
    assertThat(faults(text.replace(right, Objects.requireNonNullElse(wrong, ""))))
        .anyMatch(fault -> fault.contains(named));
  }

  private static String text() {
    try (var in = Objects.requireNonNull(OpenApiDocumentTests.class.getResourceAsStream(FILE))) {
      return new String(in.readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<String> faults(String text) {
    JsonNode document = new JsonMapper().readTree(text);
    List<String> faults = new ArrayList<>();
    unsecured(document, faults);
    unused(document, text, faults);
    walk(
        "",
        document,
        (where, node) -> {
          undefined(where, node, faults);
          unmergeable(where, node, document, faults);
        });
    return faults;
  }

  private static void unsecured(JsonNode document, List<String> faults) {
    if (document.has("security")) {
      return;
    }
    document
        .get("paths")
        .forEachEntry((path, item) ->
            item.forEachEntry((method, operation) -> {
              if (METHODS.contains(method) && !operation.has("security")) {
                faults.add(method + " " + path + " has no security");
              }
            }));
  }

  private static void unused(JsonNode document, String text, List<String> faults) {
    Set<String> used = new TreeSet<>();
    REF.matcher(text).results().forEach(ref -> used.add(ref.group(1)));
    document
        .get("components")
        .forEachEntry((kind, components) ->
            components.propertyNames().stream()
                .map(name -> kind + "/" + name)
                .filter(name -> !kind.equals("securitySchemes") && !used.contains(name))
                .forEach(name -> faults.add(name + " is not used")));
  }

  private static void undefined(String where, JsonNode schema, List<String> faults) {
    if (!schema.path("required").isArray() || schema.has("allOf")) {
      return;
    }
    for (JsonNode name : schema.get("required")) {
      if (!schema.path("properties").has(name.asString())) {
        faults.add("%s requires %s, which it does not define".formatted(where, name.asString()));
      }
    }
  }

  /** A constant and another form of the same property: generators omit the whole schema. */
  private static void unmergeable(
      String where, JsonNode schema, JsonNode document, List<String> faults) {
    Set<String> seen = new TreeSet<>();
    Set<String> constant = new TreeSet<>();
    for (JsonNode branch : schema.path("allOf")) {
      JsonNode resolved =
          branch.has("$ref") ? document.at(branch.get("$ref").asString().substring(1)) : branch;
      resolved
          .path("properties")
          .forEachEntry((name, property) -> {
            boolean again = !seen.add(name);
            boolean ofConstant =
                property.has("const") ? constant.add(name) : constant.contains(name);
            if (again && ofConstant) {
              faults.add("%s: both branches define %s, one as a constant".formatted(where, name));
            }
          });
    }
  }

  private static void walk(String where, JsonNode node, BiConsumer<String, JsonNode> each) {
    if (where.endsWith("/example") || where.contains("/examples/")) {
      return;
    }
    if (node.isObject()) {
      each.accept(where, node);
      node.forEachEntry((name, child) -> walk(where + "/" + name, child, each));
    } else if (node.isArray()) {
      for (int i = 0; i < node.size(); i++) {
        walk(where + "/" + i, node.get(i), each);
      }
    }
  }
}
