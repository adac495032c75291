package io.ratelimiter.schemas;

import static org.assertj.core.api.Assertions.assertThat;

import io.ratelimiter.schemas.topics.Topics;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The examples in asyncapi.json are valid, and the example records are as it describes them. */
class AsyncApiExamplesTests {

  private static final Path RESOURCES = Path.of("src/test/resources");

  private final AsyncApi api = AsyncApi.shipped();
  private final EventSchemas schemas = new EventSchemas();

  @Test
  void examplesInTheDocumentAreValid() {
    for (JsonNode message : api.document().at("/components/messages").values()) {
      String name = message.get("name").asString();
      assertThat(message.get("examples").values()).as(name).isNotEmpty();
      for (JsonNode example : message.get("examples").values()) {
        assertThat(faultsOfPayload(message, example.get("payload"))).as(name).isEmpty();
        if (message.has("headers")) {
          assertThat(api.faultsOfHeaders(name, example.get("headers").toString())).isEmpty();
        }
      }
    }
  }

  private List<String> faultsOfPayload(JsonNode message, JsonNode payload) {
    JsonNode schema = message.get("payload");
    return schema.has("$ref")
        ? schemas.faults(
            message.get("name").asString(), payload.toString().getBytes(StandardCharsets.UTF_8))
        : AsyncApi.faults(schema, payload.toString());
  }

  static List<Path> records() throws IOException {
    try (Stream<Path> events = Files.list(RESOURCES.resolve("examples/valid"));
        Stream<Path> audit = Files.list(RESOURCES.resolve("audit-examples/valid"))) {
      return Stream.concat(events, audit).sorted().toList();
    }
  }

  @ParameterizedTest
  @MethodSource("records")
  void everyExampleRecordIsAMessageOfItsTopic(Path file) throws IOException {
    String type = file.getFileName().toString().split("-(?!rate|report)")[0];
    JsonNode record = new JsonMapper().readTree(Files.readAllBytes(file));

    assertThat(api.messagesOn(topicOf(type))).contains(api.message(type));
    assertThat(faultsOfPayload(api.message(type), record)).isEmpty();
  }

  private static String topicOf(String type) {
    return switch (type) {
      case "block-rate.v1" -> Topics.BLOCK_RATES;
      case "series-report.v1" -> Topics.COMPLETENESS;
      default -> Topics.DECISIONS;
    };
  }
}
