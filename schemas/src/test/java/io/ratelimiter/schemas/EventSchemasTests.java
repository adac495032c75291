package io.ratelimiter.schemas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Schemas, examples, writer and reader of events agree. */
class EventSchemasTests {

  private final EventSchemas schemas = new EventSchemas();
  private final EventReader reader = new EventReader();
  private final EventWriter writer = new EventWriter();
  private final JsonMapper json = new JsonMapper();

  static List<Path> valid() throws IOException {
    return examples("valid");
  }

  static List<Path> invalid() throws IOException {
    return examples("invalid");
  }

  private static List<Path> examples(String folder) throws IOException {
    try (Stream<Path> files = Files.list(Path.of("src/test/resources/examples", folder))) {
      List<Path> examples = files.sorted().toList();
      assertThat(examples).hasSizeGreaterThan(10);
      return examples;
    }
  }

  /** Examples are only added, never changed, so that old records stay valid. */
  @ParameterizedTest
  @MethodSource("valid")
  void everyValidExampleIsValidAndUnchangedByReaderAndWriter(Path example) throws IOException {
    byte[] value = Files.readAllBytes(example);

    assertThat(schemas.faults(type(example), value)).isEmpty();
    ObjectNode known = (ObjectNode) json.readTree(value);
    known.remove("added_later");
    byte[] written = rewrite(type(example)).apply(value);
    assertThat(json.readTree(written)).isEqualTo(json.readTree(json.writeValueAsBytes(known)));
    assertThat(schemas.faults(type(example), written)).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("invalid")
  void everyInvalidExampleIsRefusedForItsFault(Path example) throws IOException {
    byte[] value = Files.readAllBytes(example);

    assertThat(schemas.faults(type(example), value)).isNotEmpty();
    assertThatThrownBy(() -> rewrite(type(example)).apply(value))
        .isInstanceOf(UnreadableEventException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"decision.v1-allowed", "adjustment.v1-refund", "ledger.v1-open"})
  void withoutAnyOneOfItsFieldsAnEventIsNeitherValidNorReadable(String example) throws IOException {
    Path file = Path.of("src/test/resources/examples/valid", example + ".json");
    JsonNode whole = json.readTree(Files.readAllBytes(file));

    for (String name : whole.propertyNames()) {
      ObjectNode partial = (ObjectNode) whole.deepCopy();
      partial.remove(name);
      byte[] value = json.writeValueAsBytes(partial);
      assertThat(schemas.faults(type(file), value)).as("without %s", name).isNotEmpty();
      assertThatThrownBy(() -> rewrite(type(file)).apply(value))
          .as("without %s", name)
          .isInstanceOf(UnreadableEventException.class)
          .hasMessageContaining(name);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "null", "[]", "7", "{", "{\"schema_version\":1}", "\u0000"})
  void aValueThatIsNotAnEventIsUnreadable(String value) {
    for (String type : List.of("decision.v1", "adjustment.v1", "ledger.v1")) {
      assertThatThrownBy(() -> rewrite(type).apply(value.getBytes(StandardCharsets.UTF_8)))
          .isInstanceOf(UnreadableEventException.class);
    }
    assertThatThrownBy(() -> reader.decision(null)).isInstanceOf(UnreadableEventException.class);
  }

  @Test
  void anInstantFinerThanAMillisecondIsUnreadable() throws IOException {
    String text =
        Files.readString(Path.of("src/test/resources/examples/valid/decision.v1-allowed.json"));
    byte[] finer =
        text.replaceFirst("\"reset_at\": [0-9.]+", "\"reset_at\": 1.0001")
            .getBytes(StandardCharsets.UTF_8);

    assertThatThrownBy(() -> reader.decision(finer)).hasMessageContaining("reset_at");
  }

  @ParameterizedTest
  @ValueSource(strings = {"2147483648", "-2147483649", "9223372036854775807"})
  void aPartitionThatNoTopicHasIsUnreadable(String partition) throws IOException {
    for (String example :
        List.of("decision.v1-allowed", "adjustment.v1-refund", "ledger.v1-open")) {
      Path file = Path.of("src/test/resources/examples/valid", example + ".json");
      byte[] value =
          Files.readString(file)
              .replaceFirst("\"partition\": [0-9]+", "\"partition\": " + partition)
              .getBytes(StandardCharsets.UTF_8);

      assertThatThrownBy(() -> rewrite(type(file)).apply(value))
          .isInstanceOf(UnreadableEventException.class)
          .hasMessageContaining("partition");
    }
  }

  @ParameterizedTest
  @MethodSource("valid")
  void theReaderEnforcesEveryBoundThatTheSchemaStates(Path example) throws IOException {
    JsonNode whole = json.readTree(Files.readAllBytes(example));

    new SchemaBounds(type(example), schemas)
        .assertEnforcedOn(whole, 15, bytes -> rewrite(type(example)).apply(bytes));
  }

  /** A schema counts characters, tables count bytes. */
  @Test
  void anIdentifierIsMeasuredInBytesOfUtf8() throws IOException {
    String text =
        Files.readString(Path.of("src/test/resources/examples/valid/decision.v1-allowed.json"));

    assertThat(reader.decision(withClient(text, "é".repeat(128))).clientId()).hasSize(128);
    assertThat(reader.decision(withClient(text, "😀".repeat(64))).clientId()).hasSize(128);
    assertThatThrownBy(() -> reader.decision(withClient(text, "é".repeat(129))))
        .hasMessage("client_id has 258 bytes of UTF-8, more than 256");
    assertThatThrownBy(() -> reader.decision(withClient(text, "x".repeat(40_000))))
        .hasMessage("client_id has 40000 bytes of UTF-8, more than 256");
  }

  private static byte[] withClient(String decision, String client) {
    return decision
        .replaceFirst("\"client_id\": \"[^\"]*\"", "\"client_id\": \"" + client + "\"")
        .getBytes(StandardCharsets.UTF_8);
  }

  private Function<byte[], byte[]> rewrite(String type) {
    return switch (type) {
      case "decision.v1" -> value -> writer.decision(reader.decision(value));
      case "adjustment.v1" -> value -> writer.adjustment(reader.adjustment(value));
      default -> value -> writer.ledger(reader.ledger(value));
    };
  }

  private static String type(Path example) {
    String name = example.getFileName().toString();
    return name.substring(0, name.indexOf('-'));
  }
}
