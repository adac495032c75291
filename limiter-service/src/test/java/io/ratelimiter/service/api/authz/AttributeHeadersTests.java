package io.ratelimiter.service.api.authz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AttributeHeadersTests {

  @Test
  void eachNameHasAHeaderOfItsOwn() {
    assertThat(AttributeHeaders.of("ip,user_agent,geo.country,api-v2,x-"))
        .isEqualTo(
            Map.of(
                "X-Attribute-Ip", "ip",
                "X-Attribute-User-Agent", "user_agent",
                "X-Attribute-Geo-Country", "geo.country",
                "X-Attribute-Api-V2", "api-v2",
                "X-Attribute-X-", "x-"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          ''          | attributes must have names that match [a-z][a-z0-9_.-]{0,62}
          ip,         | attributes must have names that match [a-z][a-z0-9_.-]{0,62}
          ip, plan    | attributes must have names that match [a-z][a-z0-9_.-]{0,62}
          IP          | attributes must have names that match [a-z][a-z0-9_.-]{0,62}
          tenant      | attributes must not have tenant, which is a field of its own
          a_b,c,a.b   | attributes must not name X-Attribute-A-B twice: a_b and a.b
          ip,ip       | attributes must not name X-Attribute-Ip twice: ip and ip
          """)
  void anInvalidOptionIsRefused(String option, String detail) {
    assertThatThrownBy(() -> AttributeHeaders.of(option)).hasMessage(detail);
  }

  @Test
  void upTo16NamesAreRead() {
    assertThat(AttributeHeaders.of(names(16))).hasSize(16);
    assertThatThrownBy(() -> AttributeHeaders.of(names(17)))
        .hasMessage("attributes must have at most 16 members");
  }

  private static String names(int count) {
    return IntStream.range(0, count).mapToObj("a%d"::formatted).collect(Collectors.joining(","));
  }
}
