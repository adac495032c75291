package io.ratelimiter.service.rules.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ratelimiter.service.rules.definition.InvalidRuleException;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class MetadataTests {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{} | {}",
        "{\"a\":[1,2,{\"b\":null}],\"c\":true} | {\"a\": [1, 2, {\"b\": null}], \"c\": true}",
        "{\"a\":[[],{},\"[\"]} | {\"a\": [[], {}, \"[\"]}",
        "{\"n\":[1e5,1.50,-0.0,1e-3]} | {\"n\": [100000, 1.50, 0, 0.001]}",
        "{\"ü\":\"\\n\\\"\"} | {\"ü\": \"\\n\\\"\"}"
      })
  void theTextIsThatOfPostgresql(String given, String stored) {
    assertThat(Metadata.text(StrictJson.parse(given))).isEqualTo(stored);
    assertThat(Metadata.readable(stored)).isTrue();
  }

  static Stream<Arguments> edges() {
    return Stream.of(
        Arguments.of(ofBytes(16_384), ofBytes(16_385), "at most 16384 bytes"),
        Arguments.of(ofLevels(32), ofLevels(33), "at most 32 levels"),
        Arguments.of(number("1e300"), number("1.1e300"), "only numbers that a double holds"),
        Arguments.of(number("1e-300"), number("9e-301"), "only numbers that a double holds"),
        Arguments.of(
            number("9007199254740992"),
            number("9007199254740993"),
            "only numbers that a double holds"),
        Arguments.of(number("0.1"), number("0.10000000000000000001"), "only numbers"));
  }

  static String ofBytes(int bytes) {
    return "{\"a\": \"" + "x".repeat(bytes - 9) + "\"}";
  }

  static String ofLevels(int levels) {
    return "{\"a\": " + "[".repeat(levels - 1) + "]".repeat(levels - 1) + "}";
  }

  static String number(String number) {
    return "{\"a\": " + number + "}";
  }

  @ParameterizedTest
  @MethodSource("edges")
  void eachBoundIsEnforcedExactly(String within, String beyond, String bound) {
    Metadata.text(StrictJson.parse(within));

    assertThatThrownBy(() -> Metadata.text(StrictJson.parse(beyond)))
        .isInstanceOf(InvalidRuleException.class)
        .hasMessageContaining("metadata must have")
        .hasMessageContaining(bound);
    assertThat(Metadata.readable(beyond)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"a\":\"\\u0000\"}",
        "{\"\\u0000\":1}",
        "{\"a\":\"\\ud800\"}",
        "{\"a\":1e2000}",
        "{\"a\":1e999999999}",
        "{\"a\":1e-999999999}"
      })
  void metadataThatTheDatabaseCannotStoreIsRefused(String given) {
    assertThatThrownBy(() -> Metadata.text(StrictJson.parse(given)))
        .isInstanceOf(InvalidRuleException.class)
        .hasMessageStartingWith("metadata must");
  }
}
