package io.ratelimiter.schemas.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ratelimiter.schemas.EventSchemas;
import io.ratelimiter.schemas.SchemaBounds;
import io.ratelimiter.schemas.UnreadableEventException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Schemas, examples, writer and reader of the auditor's topics agree. */
class AuditSchemasTests {

  private static final Path EXAMPLES = Path.of("src/test/resources/audit-examples");

  private final EventSchemas schemas = new EventSchemas();
  private final AuditReader reader = new AuditReader();
  private final AuditWriter writer = new AuditWriter();
  private final JsonMapper json = new JsonMapper();

  static List<Path> valid() throws IOException {
    return examples("valid");
  }

  static List<Path> invalid() throws IOException {
    return examples("invalid");
  }

  private static List<Path> examples(String folder) throws IOException {
    try (Stream<Path> files = Files.list(EXAMPLES.resolve(folder))) {
      List<Path> examples = files.sorted().toList();
      assertThat(examples).hasSizeGreaterThanOrEqualTo(10);
      return examples;
    }
  }

  @ParameterizedTest
  @MethodSource("valid")
  void everyValidExampleIsValidAndUnchangedByReaderAndWriter(Path example) throws IOException {
    byte[] value = Files.readAllBytes(example);

    assertThat(schemas.faults(type(example), value)).isEmpty();
    ObjectNode known = (ObjectNode) json.readTree(value);
    known.remove("added_later");
    byte[] written = rewrite(example, value);
    assertThat(json.readTree(written)).isEqualTo(json.readTree(json.writeValueAsBytes(known)));
    assertThat(schemas.faults(type(example), written)).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("invalid")
  void everyInvalidExampleIsRefusedForItsFault(Path example) throws IOException {
    byte[] value = Files.readAllBytes(example);

    assertThat(schemas.faults(type(example), value)).isNotEmpty();
    assertThatThrownBy(() -> rewrite(example, value)).isInstanceOf(UnreadableEventException.class);
  }

  @ParameterizedTest
  @MethodSource("valid")
  void withoutAnyOneOfItsFieldsAValueIsNotValid(Path example) throws IOException {
    JsonNode whole = json.readTree(Files.readAllBytes(example));

    for (String name : whole.propertyNames()) {
      ObjectNode partial = (ObjectNode) whole.deepCopy();
      partial.remove(name);
      if (!name.equals("added_later")) {
        byte[] value = json.writeValueAsBytes(partial);
        assertThat(schemas.faults(type(example), value)).as("without %s", name).isNotEmpty();
        assertThatThrownBy(() -> rewrite(example, value))
            .as("without %s", name)
            .isInstanceOf(UnreadableEventException.class);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("valid")
  void theReaderEnforcesEveryBoundThatTheSchemaStates(Path example) throws IOException {
    JsonNode whole = json.readTree(Files.readAllBytes(example));

    new SchemaBounds(type(example), schemas)
        .assertEnforcedOn(whole, 10, bytes -> rewrite(example, bytes));
  }

  private byte[] rewrite(Path example, byte[] value) {
    return type(example).equals("series-report.v1")
        ? writer.series(reader.series(value))
        : writer.value(reader.blockRate(value));
  }

  private static String type(Path example) {
    String name = example.getFileName().toString();
    return name.substring(0, name.indexOf(".v1-") + 3);
  }
}
