package io.ratelimiter.localstack.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ArgumentsTests {

  @Test
  void noArgumentsMeanOneLimiterWithTheExistingData() {
    assertThat(Arguments.parse()).isEqualTo(new Arguments(false, 1, false, false, false));
  }

  @Test
  void allArgumentsAreAcceptedInAnyOrder() {
    assertThat(Arguments.parse("--nodes", "2", "--trace", "--public", "--fresh", "--help"))
        .isEqualTo(new Arguments(true, 2, true, true, true));
  }

  @ParameterizedTest
  @CsvSource({
    "--frsh,                unknown option --frsh",
    "--nodes,               '--nodes needs a number, 1 or 2'",
    "--nodes 3,             --nodes 3: only 1 or 2 are possible",
    "--nodes 2 more,        unknown option more"
  })
  void anythingElseIsAUsageError(String line, String message) {
    assertThatThrownBy(() -> Arguments.parse(line.split(" ")))
        .hasMessage(message)
        .isInstanceOfSatisfying(UserError.class, e -> assertThat(e.exitCode()).isEqualTo(2));
  }
}
