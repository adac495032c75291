package io.ratelimiter.schemas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Checks that schemas, a reader and a writer agree on examples, whose files begin with a type. */
public record SchemaExamples(Rewriter rewriter) {

  private static final EventSchemas SCHEMAS = new EventSchemas();
  private static final JsonMapper JSON = new JsonMapper();

  /** A field of examples that no reader knows. */
  private static final String UNKNOWN = "added_later";

  /** Reads a value and writes what was read. */
  public interface Rewriter {
    byte[] rewrite(String type, byte[] value);
  }

  /** The files of a folder, of which there are at least this many. */
  public static List<Path> in(Path folder, int min) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      List<Path> examples = files.sorted().toList();
      assertThat(examples).hasSizeGreaterThanOrEqualTo(min);
      return examples;
    }
  }

  /** The type of an example: {@code decision.v1} of {@code decision.v1-allowed.json}. */
  public static String type(Path example) {
    String name = example.getFileName().toString();
    return name.substring(0, name.indexOf(".v1-") + 3);
  }

  /**
   * The example is valid, and rewritten without a change except for unknown fields and its type,
   * which values of earlier versions do not have.
   */
  public void assertUnchanged(Path example) throws IOException {
    byte[] value = Files.readAllBytes(example);

    assertThat(SCHEMAS.faults(type(example), value)).isEmpty();
    ObjectNode known = (ObjectNode) JSON.readTree(value);
    known.remove(UNKNOWN);
    known.put("type", type(example));
    byte[] written = rewriter.rewrite(type(example), value);
    assertThat(JSON.readTree(written)).isEqualTo(JSON.readTree(JSON.writeValueAsBytes(known)));
    assertThat(SCHEMAS.faults(type(example), written)).isEmpty();
  }

  /** The example of an earlier version is valid, and its fields are unchanged when rewritten. */
  public void assertStillReadable(Path example) throws IOException {
    byte[] value = Files.readAllBytes(example);

    assertThat(SCHEMAS.faults(type(example), value)).isEmpty();
    byte[] written = rewriter.rewrite(type(example), value);
    assertThat(SCHEMAS.faults(type(example), written)).isEmpty();
    ObjectNode known = (ObjectNode) JSON.readTree(value);
    known.remove(UNKNOWN);
    assertThat(JSON.readTree(written).properties()).containsAll(known.properties());
  }

  /** The example is neither valid nor readable. */
  public void assertRefused(Path example) throws IOException {
    byte[] value = Files.readAllBytes(example);

    assertThat(SCHEMAS.faults(type(example), value)).isNotEmpty();
    assertThatThrownBy(() -> rewriter.rewrite(type(example), value))
        .isInstanceOf(UnreadableEventException.class);
  }

  /**
   * Without any one of its fields the example is neither valid nor readable, unless the schema does
   * not require the field: then it is both.
   */
  public void assertFieldsRequiredAsStated(Path example) throws IOException {
    JsonNode whole = JSON.readTree(Files.readAllBytes(example));
    List<String> required = new ArrayList<>();

    for (String name : whole.propertyNames()) {
      ObjectNode partial = (ObjectNode) whole.deepCopy();
      partial.remove(name);
      byte[] value = JSON.writeValueAsBytes(partial);
      if (SCHEMAS.faults(type(example), value).isEmpty()) {
        assertThatCode(() -> rewriter.rewrite(type(example), value))
            .as("without %s", name)
            .doesNotThrowAnyException();
      } else {
        required.add(name);
        assertThatThrownBy(() -> rewriter.rewrite(type(example), value))
            .as("without %s", name)
            .isInstanceOf(UnreadableEventException.class)
            .hasMessageContaining(name);
      }
    }
    assertThat(required).contains("schema_version").hasSizeGreaterThan(6);
  }

  /** The reader enforces every bound that the schema states, which are more than this many. */
  public void assertBoundsEnforced(Path example, int min) throws IOException {
    new SchemaBounds(type(example), SCHEMAS)
        .assertEnforcedOn(
            JSON.readTree(Files.readAllBytes(example)),
            min,
            bytes -> rewriter.rewrite(type(example), bytes));
  }
}
