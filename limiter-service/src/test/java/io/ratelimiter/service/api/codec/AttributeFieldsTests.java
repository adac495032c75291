package io.ratelimiter.service.api.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ratelimiter.service.limiter.Check;
import io.ratelimiter.service.rules.Attributes;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AttributeFieldsTests {

  private static final String LONGEST_NAME = "n".repeat(63);
  private static final String LONGEST_VALUE = "v".repeat(256);

  @Test
  void attributesAreReadInAnyOrderOfFields() {
    assertThat(
            check("{\"attributes\": {\"plan\": \"pro\", \"ip\": \"::1\"}, \"client_id\": \"c\"}"))
        .isEqualTo(
            new Check(
                "default", "c", "global", Attributes.of(Map.of("ip", "::1", "plan", "pro")), 1));
    assertThat(new Query("attr.plan=pro%2B&client_id=c&attr.ip=%3A%3A1").subject(0))
        .isEqualTo(
            new Check(
                "default", "c", "global", Attributes.of(Map.of("ip", "::1", "plan", "pro+")), 0));
  }

  @ParameterizedTest
  @ValueSource(strings = {"{\"client_id\": \"c\"}", "{\"client_id\": \"c\", \"attributes\": {}}"})
  void withoutAttributesNoObjectIsMadeForThem(String body) {
    assertThat(check(body).attributes()).isSameAs(Attributes.NONE);
    assertThat(new Query("client_id=c&attr=x&attributes=y").subject(1).attributes())
        .isSameAs(Attributes.NONE);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          []                             | attributes must be an object
          null                           | attributes must be an object
          "ip"                           | attributes must be an object
          {"plan": 7}                    | attributes.plan must be a string
          {"plan": null}                 | attributes.plan must be a string
          {"plan": {"a": "b"}}           | attributes.plan must be a string
          {"plan": ["pro"]}              | attributes.plan must be a string
          {"plan": ""}                   | attributes.plan must not be empty
          {"plan": "*"}                  | attributes.plan must not be *
          {"plan": "a\\u0000"}           | attributes.plan must not have control characters
          {"plan": "\\ud83d"}            | attributes.plan must be Unicode text, without lone surrogates
          {"plan": "a", "plan": "a"}     | attributes.plan must be given once
          {"Plan": "a"}                  | attributes must have names that match [a-z][a-z0-9_.-]{0,62}
          {"": "a"}                      | attributes must have names that match [a-z][a-z0-9_.-]{0,62}
          {"1a": 7}                      | attributes must have names that match [a-z][a-z0-9_.-]{0,62}
          {"client_id": "a"}             | attributes must not have client_id, which is a field of its own
          {"limit_key": "a"}             | attributes must not have limit_key, which is a field of its own
          {"tenant": "a"}                | attributes must not have tenant, which is a field of its own
          {}, "attributes": {}           | attributes must be given once
          """)
  void aFaultNamesTheAttribute(String attributes, String detail) {
    String body = "{\"client_id\": \"c\", \"attributes\": %s}".formatted(attributes);
    assertThatThrownBy(() -> check(body)).hasMessage(detail);
    assertThatThrownBy(() -> new CheckReader().refund(bytes(body))).hasMessage(detail);
    assertThatThrownBy(() -> new CheckReader().checks(bytes("{\"checks\": [" + body + "]}")))
        .hasMessage("checks[0]." + detail);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          attr.plan=                     | attr.plan must not be empty
          attr.plan                      | attr.plan must not be empty
          attr.plan=*                    | attr.plan must not be *
          attr.plan=%00                  | attr.plan must not have control characters
          attr.plan=a&attr%2Eplan=a      | attr.plan must be given once
          attr.=a                        | attr must have names that match [a-z][a-z0-9_.-]{0,62}
          attr.Plan=a                    | attr must have names that match [a-z][a-z0-9_.-]{0,62}
          attr.client_id=a               | attr must not have client_id, which is a field of its own
          """)
  void aFaultInAQueryNamesTheParameter(String query, String detail) {
    assertThatThrownBy(() -> new Query("client_id=c&" + query).subject(0)).hasMessage(detail);
  }

  @Test
  void upTo16AttributesAreRead() {
    assertThat(check(withAttributes(16)).attributes().size()).isEqualTo(16);
    assertThat(new Query(queryOf(16)).subject(0).attributes().size()).isEqualTo(16);

    assertThatThrownBy(() -> check(withAttributes(17)))
        .hasMessage("attributes must have at most 16 members");
    assertThatThrownBy(() -> new Query(queryOf(17)).subject(0))
        .hasMessage("attr must have at most 16 members");
  }

  @Test
  void aNameHasUpTo63CharactersAndAValueUpTo256Bytes() {
    assertThat(check(withAttribute(LONGEST_NAME, LONGEST_VALUE)).attributes())
        .isEqualTo(Attributes.of(Map.of(LONGEST_NAME, LONGEST_VALUE)));

    assertThatThrownBy(() -> check(withAttribute(LONGEST_NAME + "n", "v")))
        .hasMessage("attributes must have names that match [a-z][a-z0-9_.-]{0,62}");
    assertThatThrownBy(() -> check(withAttribute("plan", LONGEST_VALUE + "v")))
        .hasMessage("attributes.plan must have at most 256 bytes of UTF-8");
    assertThatThrownBy(() -> check(withAttribute("plan", "\u00e9".repeat(129))))
        .hasMessage("attributes.plan must have at most 256 bytes of UTF-8");
  }

  private static String withAttributes(int count) {
    String members =
        IntStream.range(0, count)
            .mapToObj("\"a%d\": \"v\""::formatted)
            .collect(Collectors.joining(","));
    return "{\"client_id\": \"c\", \"attributes\": {" + members + "}}";
  }

  private static String withAttribute(String name, String value) {
    return "{\"client_id\": \"c\", \"attributes\": {\"%s\": \"%s\"}}".formatted(name, value);
  }

  private static String queryOf(int count) {
    return "client_id=c"
        + IntStream.range(0, count)
            .mapToObj("&attr.a%d=v"::formatted)
            .collect(Collectors.joining());
  }

  private static Check check(String body) {
    return new CheckReader().check(bytes(body)).check();
  }

  private static byte[] bytes(String body) {
    return body.getBytes(StandardCharsets.UTF_8);
  }
}
