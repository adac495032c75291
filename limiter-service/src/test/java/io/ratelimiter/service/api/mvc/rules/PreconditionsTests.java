package io.ratelimiter.service.api.mvc.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ratelimiter.service.api.http.ProblemException;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.mock.web.MockHttpServletRequest;

/** RFC 9110, 13.1.1 and 13.1.2, of a rule at revision 7. */
class PreconditionsTests {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "*                | true  | false",
        "\"7\"            | true  | false",
        "\"6\", \"7\"     | true  | false",
        "\"6\",, \"7\" ,  | true  | false",
        "\"6,\",\"7\"     | true  | false",
        "W/\"7\"          | false | false",
        "\"07\"           | false | false",
        "\"6\"            | false | false",
        "\"\"             | false | false"
      })
  void ifMatchComparesStrongly(String ifMatch, boolean there, boolean absent) {
    Preconditions preconditions = of("If-Match", ifMatch);

    assertThat(preconditions.admit(OptionalLong.of(7))).isEqualTo(there);
    assertThat(preconditions.admit(OptionalLong.empty())).isEqualTo(absent);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "*                | false",
        "\"7\"            | false",
        "W/\"7\"          | false",
        "\"6\", W/\"7\"   | false",
        "\"6\"            | true",
        "\"07\"           | true"
      })
  void ifNoneMatchComparesWeakly(String ifNoneMatch, boolean there) {
    Preconditions preconditions = of("If-None-Match", ifNoneMatch);

    assertThat(preconditions.admit(OptionalLong.of(7))).isEqualTo(there);
    assertThat(preconditions.notModified(7)).isEqualTo(!there);
    assertThat(preconditions.admit(OptionalLong.empty())).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"7", "\"7", "\"7\" \"8\"", "*, \"7\"", "w/\"7\"", "", ","})
  void anythingElseIsA400ThatNamesTheHeader(String value) {
    for (String header : new String[] {"If-Match", "If-None-Match"}) {
      assertThatThrownBy(() -> of(header, value))
          .isInstanceOf(ProblemException.class)
          .hasMessage(header + " must be * or entity tags in double quotes with commas between");
    }
  }

  @Test
  void severalLinesAreOneListAndBothHeadersMustHold() {
    MockHttpServletRequest request = new MockHttpServletRequest();
    request.addHeader("If-Match", "\"6\"");
    request.addHeader("If-Match", "\"7\"");
    assertThat(Preconditions.of(request).admit(OptionalLong.of(7))).isTrue();

    request.addHeader("If-None-Match", "*");
    assertThat(Preconditions.of(request).admit(OptionalLong.of(7))).isFalse();
  }

  private static Preconditions of(String header, String value) {
    MockHttpServletRequest request = new MockHttpServletRequest();
    request.addHeader(header, value);
    return Preconditions.of(request);
  }
}
