package io.ratelimiter.schemas;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import io.ratelimiter.schemas.audit.AuditReader;
import io.ratelimiter.schemas.audit.AuditWriter;
import io.ratelimiter.schemas.topics.DeadLetter;
import io.ratelimiter.schemas.topics.TopicSpec;
import io.ratelimiter.schemas.topics.Topics;
import java.io.IOException;
import java.lang.reflect.Modifier;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** asyncapi.json is valid, and says the same as the code and the schemas. */
class AsyncApiDocumentTests {

  private static final Path RESOURCES = Path.of("src/test/resources");

  private final AsyncApi api = AsyncApi.shipped();

  @Test
  void itIsValid() {
    assertThat(AsyncApiModel.faults(api.document().toString())).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"asyncapi\" | \"openapi\"",
        "\"asyncapi\":\"3.0.0\" | \"asyncapi\":\"2.6.0\"",
        "\"title\":\"Distributed | \"titel\":\"Distributed",
        "\"address\" | \"adress\"",
        "\"address\" | \"x-address\"",
        "\"action\" | \"act\"",
        "\"action\" | \"x-action\"",
        "\"send\" | \"sent\"",
        "\"correlationId\" | \"correlation\"",
        "$message.header | $message.headers",
        "\"bindingVersion\":\"0.5.0\" | \"bindingVersion\":\"9.5.0\"",
        "\"contentType\" | \"content\"",
        "\"pattern\" | \"patern\"",
        "\"key\" | \"kee\"",
        "\"compact\" | \"compacted\"",
        "\"summary\":\"by the auditor\" | \"summary\":[]",
      })
  void aFaultIsFound(String right, String wrong) {
    String text = api.document().toString();
    assertThat(text).contains(right);
    assertThat(AsyncApiModel.faults(text.replace(right, wrong))).isNotEmpty();
  }

  @Test
  void everyReferenceResolves() {
    List<String> refs =
        api.document().findValues("$ref").stream().map(JsonNode::asString).distinct().toList();
    assertThat(refs).hasSizeGreaterThan(15);
    assertThat(refs).allSatisfy(ref -> assertThat(api.resolve(ref).isObject()).isTrue());
  }

  @Test
  void operationsSendAllMessagesOfTheirChannels() {
    for (JsonNode operation : api.document().get("operations").values()) {
      String channel = operation.at("/channel/$ref").asString();
      assertThat(operation.get("messages").values())
          .extracting(message -> message.get("$ref").asString())
          .containsExactlyInAnyOrderElementsOf(
              api.resolve(channel).get("messages").propertyNames().stream()
                  .map(name -> channel + "/messages/" + name)
                  .toList());
    }
  }

  @Test
  void everySchemaIsThePayloadOfOneMessage() throws IOException {
    try (Stream<Path> files = Files.list(Path.of("src/main/resources/schemas"))) {
      assertThat(payloads())
          .containsExactlyInAnyOrderElementsOf(
              files.map(file -> "./schemas/" + file.getFileName()).toList());
    }
  }

  private List<String> payloads() {
    return api.document().at("/components/messages").values().stream()
        .map(message -> message.path("payload").path("$ref").asString(""))
        .filter(ref -> !ref.isEmpty())
        .toList();
  }

  @Test
  void channelsAreTheTopicsWithTheirSettings() {
    Map<String, Map<String, String>> documented = new HashMap<>();
    for (JsonNode channel : api.document().get("channels").values()) {
      JsonNode kafka = channel.at("/bindings/kafka");
      assertThat(kafka.get("topic")).isEqualTo(channel.get("address"));
      documented.put(channel.get("address").asString(), settings(kafka));
    }
    Map<String, Map<String, String>> specified = new HashMap<>();
    Stream.of(
            Topics.decisions(1),
            Topics.blockRates(1),
            Topics.completeness(1),
            Topics.deadLetters(1))
        .forEach((TopicSpec spec) -> specified.put(spec.name(), spec.config()));
    assertThat(documented).isEqualTo(specified);
  }

  private static Map<String, String> settings(JsonNode kafka) {
    Map<String, String> settings = new HashMap<>();
    kafka.get("topicConfiguration").forEachEntry((name, value) -> settings.put(name, text(value)));
    return settings;
  }

  private static String text(JsonNode value) {
    return value.isArray()
        ? value.values().stream().map(JsonNode::asString).collect(joining(","))
        : value.asString();
  }

  @Test
  void theDecisionsTopicHasTheTypesAndHeadersOfTheCode() {
    Set<String> constants = constants(EventHeaders.class, "TYPE_", false);
    Set<String> types = constants(EventHeaders.class, "TYPE_", true);

    List<JsonNode> messages = api.messagesOn(Topics.DECISIONS);
    assertThat(messages)
        .extracting(message -> message.at("/headers/properties/ce_type/const").asString())
        .containsExactlyInAnyOrderElementsOf(types);
    assertThat(api.requiredHeaders(EventHeaders.TYPE_DECISION)).isEqualTo(constants);
    assertThat(api.requiredHeaders(EventHeaders.TYPE_ADJUSTMENT)).isEqualTo(constants);
    constants.remove(EventHeaders.CORRELATION_ID);
    assertThat(api.requiredHeaders(EventHeaders.TYPE_LEDGER)).isEqualTo(constants);
  }

  @Test
  void deadLettersHaveTheHeadersOfTheCode() {
    JsonNode headers = api.messagesOn(Topics.DEAD_LETTERS).getFirst().get("headers");
    Set<String> required = constants(DeadLetter.class, "CUT", false);
    Set<String> all = new TreeSet<>(headers.get("properties").propertyNames());

    assertThat(api.requiredHeaders("dead-letter")).isEqualTo(required);
    required.add(DeadLetter.CUT);
    assertThat(all).isEqualTo(required);
  }

  /** Values of the public text constants whose names begin, or do not begin, with a prefix. */
  private static Set<String> constants(Class<?> type, String prefix, boolean with) {
    Set<String> values = new TreeSet<>();
    Arrays.stream(type.getFields())
        .filter(field -> Modifier.isStatic(field.getModifiers()) && field.getType() == String.class)
        .filter(field -> field.getName().startsWith(prefix) == with)
        .forEach(field -> {
          try {
            values.add((String) field.get(null));
          } catch (IllegalAccessException e) {
            throw new AssertionError(e);
          }
        });
    return values;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"client", "total", "tenant", "instance", "unique-clients", "bill", "watermark"})
  void keysOnTheAuditorsTopicsAreAsDocumented(String kind) throws IOException {
    Path file = RESOURCES.resolve("audit-examples/valid/block-rate.v1-%s.json".formatted(kind));
    AuditWriter writer = new AuditWriter();

    byte[] key = writer.key(new AuditReader().blockRate(Files.readAllBytes(file)));
    byte[] seriesKey = writer.seriesKey(Topics.DECISIONS, "node-1", "9f86d081884c7d65", 3, 1);
    assertKey("block-rate.v1", key);
    assertKey("series-report.v1", seriesKey);
    assertKey("removed", key);
    assertKey("removed", seriesKey);
  }

  private void assertKey(String type, byte[] key) {
    assertThat(
            AsyncApi.faults(
                api.message(type).at("/bindings/kafka/key"),
                new String(key, StandardCharsets.UTF_8)))
        .isEmpty();
  }
}
