package io.ratelimiter.schemas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Schemas, examples, writer and reader of events agree. */
class EventSchemasTests {

  private static final Path EXAMPLES = Path.of("src/test/resources/examples");

  private final EventReader reader = new EventReader();
  private final EventWriter writer = new EventWriter();
  private final SchemaExamples examples = new SchemaExamples(this::rewrite);

  static List<Path> valid() throws IOException {
    return SchemaExamples.in(EXAMPLES.resolve("valid"), 11);
  }

  static List<Path> invalid() throws IOException {
    return SchemaExamples.in(EXAMPLES.resolve("invalid"), 11);
  }

  /** Examples are only added, never changed, so that old records stay valid. */
  @ParameterizedTest
  @MethodSource("valid")
  void everyValidExampleIsValidAndUnchangedByReaderAndWriter(Path example) throws IOException {
    examples.assertUnchanged(example);
  }

  @ParameterizedTest
  @MethodSource("invalid")
  void everyInvalidExampleIsRefusedForItsFault(Path example) throws IOException {
    examples.assertRefused(example);
  }

  @ParameterizedTest
  @ValueSource(strings = {"decision.v1-allowed", "adjustment.v1-refund", "ledger.v1-open"})
  void withoutAnyOneOfItsFieldsAnEventIsNeitherValidNorReadable(String example) throws IOException {
    examples.assertEveryFieldRequired(valid(example));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "null", "[]", "7", "{", "{\"schema_version\":1}", "\u0000"})
  void aValueThatIsNotAnEventIsUnreadable(String value) {
    for (String type : List.of("decision.v1", "adjustment.v1", "ledger.v1")) {
      assertThatThrownBy(() -> rewrite(type, value.getBytes(StandardCharsets.UTF_8)))
          .isInstanceOf(UnreadableEventException.class);
    }
    assertThatThrownBy(() -> reader.decision(null)).isInstanceOf(UnreadableEventException.class);
  }

  @Test
  void anInstantFinerThanAMillisecondIsUnreadable() throws IOException {
    String text = Files.readString(valid("decision.v1-allowed"));
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
      Path file = valid(example);
      byte[] value =
          Files.readString(file)
              .replaceFirst("\"partition\": [0-9]+", "\"partition\": " + partition)
              .getBytes(StandardCharsets.UTF_8);

      assertThatThrownBy(() -> rewrite(SchemaExamples.type(file), value))
          .isInstanceOf(UnreadableEventException.class)
          .hasMessageContaining("partition");
    }
  }

  @ParameterizedTest
  @MethodSource("valid")
  void theReaderEnforcesEveryBoundThatTheSchemaStates(Path example) throws IOException {
    examples.assertBoundsEnforced(example, 15);
  }

  /** A schema counts characters, tables count bytes. */
  @Test
  void anIdentifierIsMeasuredInBytesOfUtf8() throws IOException {
    String text = Files.readString(valid("decision.v1-allowed"));

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

  private static Path valid(String example) {
    return EXAMPLES.resolve("valid", example + ".json");
  }

  private byte[] rewrite(String type, byte[] value) {
    return switch (type) {
      case "decision.v1" -> writer.decision(reader.decision(value));
      case "adjustment.v1" -> writer.adjustment(reader.adjustment(value));
      default -> writer.ledger(reader.ledger(value));
    };
  }
}
