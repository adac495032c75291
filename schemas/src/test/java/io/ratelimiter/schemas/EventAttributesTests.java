package io.ratelimiter.schemas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Attributes of events, and counters of limits. */
class EventAttributesTests {

  private static final SeriesPosition POSITION =
      new SeriesPosition(longest("i"), longest("e"), Integer.MAX_VALUE, Bounds.MAX_WHOLE, "eu");

  private final EventSchemas schemas = new EventSchemas();
  private final EventReader reader = new EventReader();
  private final EventWriter writer = new EventWriter();

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\'',
      value = {
        "{}                  | attributes has 0 members, not from 1 to 16",
        "null                | attributes is not an object",
        "{\"plan\":null}     | attributes.plan is not a string",
        "{\"plan\":{\"a\":1}}| attributes.plan is not a string",
        "{\"plan\":\"\"}     | attributes.plan is empty",
        "{\"plan\":\"*\"}    | attributes.plan is not an identifier, but the wildcard",
        "{\"limit_key\":\"a\"} | attributes has limit_key, which is a field of its own",
        "{\"\":\"a\"}        | attributes has a name that is not [a-z][a-z0-9_.-]{0,62}",
        "{\"1a\":\"a\"}      | attributes has a name that is not [a-z][a-z0-9_.-]{0,62}",
        "{\"a b\":\"a\"}     | attributes has a name that is not [a-z][a-z0-9_.-]{0,62}",
      })
  void aFaultOfAnAttributeIsNamed(String attributes, String fault) {
    String text = text(writer.decision(decision(Map.of("plan", "pro"), null)));
    byte[] broken = bytes(text.replace("{\"plan\":\"pro\"}", attributes));

    assertThatThrownBy(() -> reader.decision(broken)).hasMessage(fault);
    assertThat(schemas.faults("decision.v1", broken)).isNotEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\'',
      value = {
        "\"by\":[\"ip\"]                          | counter is missing",
        "\"counter\":[\"a\"]                      | by is missing",
        "\"by\":\"ip\",\"counter\":[\"a\"]        | by is not an array",
        "\"by\":[[\"ip\"]],\"counter\":[\"a\"]    | by has a name that is not [a-z][a-z0-9_.-]{0,62}",
        "\"by\":[\"ip\"],\"counter\":{\"a\":1}    | counter is not an array",
        "\"by\":[\"ip\"],\"counter\":[null]       | counter[0] is not a string",
        "\"by\":[\"ip\"],\"counter\":[\"\"]       | counter[0] is empty",
        "\"by\":[\"tenant\"],\"counter\":[\"a\"]  | by has tenant, which is no attribute",
        "\"by\":[\"a\",\"a\"],\"counter\":[\"b\",\"c\"] | by has a twice",
      })
  void aFaultOfACounterIsNamed(String fields, String fault) {
    String text =
        text(writer.decision(decision(Map.of(), new Counter(List.of("ip"), List.of("a")))));
    byte[] broken = bytes(text.replace("\"by\":[\"ip\"],\"counter\":[\"a\"]", fields));

    assertThatThrownBy(() -> reader.decision(broken)).hasMessage("limits[0]: " + fault);
    assertThat(schemas.faults("decision.v1", broken)).isNotEmpty();
  }

  /** What a JSON Schema cannot express. */
  @Test
  void aCounterHasOneValueForEachName() {
    String text =
        text(writer.decision(decision(Map.of(), new Counter(List.of("ip"), List.of("a")))));

    assertThatThrownBy(
            () -> reader.decision(bytes(text.replace("\"counter\":[\"a\"]", "\"counter\":[]"))))
        .hasMessage("limits[0]: counter has 0 values, but by has 1 names");
    assertThatThrownBy(() -> new Counter(List.of("ip"), List.of()))
        .hasMessage("counter has 0 values for 1 names");
  }

  @Test
  void anAttributeIsMeasuredInBytesOfUtf8() {
    DecisionEvent longest = decision(Map.of("plan", "é".repeat(128)), null);
    DecisionEvent tooLong = decision(Map.of("plan", "é".repeat(129)), null);

    assertThat(reader.decision(writer.decision(longest))).isEqualTo(longest);
    assertThatThrownBy(() -> reader.decision(writer.decision(tooLong)))
        .hasMessage("attributes.plan has 258 bytes of UTF-8, more than 256");
  }

  @Test
  void attributesAreInTheOrderOfTheirNames() {
    DecisionEvent event = decision(Map.of("plan", "pro", "asn", "7", "ip", "::1"), null);

    assertThat(text(writer.decision(event)))
        .contains("\"attributes\":{\"asn\":\"7\",\"ip\":\"::1\",\"plan\":\"pro\"}");
  }

  @Test
  void anEventWithoutAttributesHasNeitherTheirFieldsNorACopyOfNone() {
    DecisionEvent event = decision(new TreeMap<>(), null);

    assertThat(event.attributes()).isSameAs(Map.of());
    assertThat(text(writer.decision(event))).doesNotContain("attributes", "\"by\"", "counter");
    assertThat(reader.decision(writer.decision(event))).isEqualTo(event);
  }

  /** Of the characters that JSON escapes, only quotes and backslashes are allowed. */
  @ParameterizedTest
  @CsvSource({"\\", "x", "é", "😀"})
  void theLongestEventIsWithinTheStatedSize(String character) {
    Map<String, String> attributes = new TreeMap<>();
    for (int i = 0; i < Bounds.MAX_ATTRIBUTES; i++) {
      attributes.put("%063d".formatted(i).replaceFirst("0", "a"), longest(character));
    }
    List<String> by = attributes.keySet().stream().limit(Bounds.MAX_BY).toList();
    Counter counter = new Counter(by, Collections.nCopies(by.size(), longest(character)));
    DecisionEvent event = decision(attributes, counter, character, Bounds.MAX_LIMITS);

    byte[] written = writer.decision(event);
    assertThat(reader.decision(written)).isEqualTo(event);
    assertThat(schemas.faults("decision.v1", written)).isEmpty();
    assertThat(written).hasSizeBetween(80 * 1024, Bounds.MAX_EVENT_BYTES);
  }

  private static DecisionEvent decision(Map<String, String> attributes, @Nullable Counter counter) {
    return decision(attributes, counter, "x", 1);
  }

  /** An event whose other fields are as long as their bounds allow. */
  private static DecisionEvent decision(
      Map<String, String> attributes, @Nullable Counter counter, String character, int limits) {
    return new DecisionEvent(
        longest(character),
        POSITION,
        "c".repeat(128),
        "t".repeat(63),
        longest(character),
        longest(character),
        attributes,
        Bounds.MAX_COST,
        false,
        "cost_exceeds_limit",
        null,
        null,
        "redis",
        false,
        null,
        Bounds.MAX_WHOLE,
        Bounds.MAX_LATENCY_MICROS,
        Collections.nCopies(limits, limit(counter, character)));
  }

  private static DecisionEvent.Limit limit(@Nullable Counter counter, String character) {
    return new DecisionEvent.Limit(
        character.repeat(Bounds.MAX_RULE_BYTES / bytes(character).length),
        Bounds.MAX_WHOLE,
        "t".repeat(63),
        longest(character),
        Bounds.MAX_WHOLE,
        "token_bucket",
        Bounds.MAX_WHOLE,
        Bounds.MAX_WHOLE,
        Bounds.MAX_WHOLE,
        "enforce",
        false,
        counter,
        new DecisionEvent.Verdict(
            Bounds.MAX_WHOLE, Bounds.MAX_WHOLE - 1, false, Bounds.MAX_WHOLE, false, false));
  }

  private static String longest(String character) {
    return character.repeat(Bounds.MAX_TEXT_BYTES / bytes(character).length);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String text(byte[] json) {
    return new String(json, StandardCharsets.UTF_8);
  }
}
