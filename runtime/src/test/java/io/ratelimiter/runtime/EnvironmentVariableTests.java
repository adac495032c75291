package io.ratelimiter.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EnvironmentVariableTests {

  @ParameterizedTest
  @ValueSource(strings = {"", "+1", "1.0", "1e1", "٨", "0", "11", "99999999999999999999"})
  void aNumberOutsideItsBoundsOrInAnotherFormIsAFault(String value) {
    assertThat(EnvironmentVariable.number("N", 1, 10).fault(value))
        .contains("N must be a whole number, 1 to 10, not \"" + value + "\"");
  }

  @Test
  void aNumberAtItsBoundsIsAccepted() {
    assertThat(EnvironmentVariable.number("N", 1, Long.MAX_VALUE).fault("1")).isEmpty();
    assertThat(EnvironmentVariable.number("N", 1, Long.MAX_VALUE).fault("9223372036854775807"))
        .isEmpty();
  }

  @Test
  void aWordIsAcceptedInAnyCase() {
    EnvironmentVariable mode = EnvironmentVariable.word("MODE", "open", "closed", "local");

    assertThat(mode.fault("Closed")).isEmpty();
    assertThat(mode.fault("ajar")).contains("MODE must be open, closed or local, not \"ajar\"");
  }

  @Test
  void aSecretIsNotRepeated() {
    var token = new EnvironmentVariable("TOKEN", "16 characters", true, value -> false);

    assertThat(token.fault("secret"))
        .contains(
            "TOKEN must be 16 characters; its value is not shown, because it may contain a"
                + " password");
  }
}
