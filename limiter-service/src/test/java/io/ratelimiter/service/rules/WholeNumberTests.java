package io.ratelimiter.service.rules;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WholeNumberTests {

  @ParameterizedTest
  @CsvSource({
    "5, 5",
    "5.0, 5",
    "5.000000000000000000000000000000, 5",
    "1e1, 10",
    "120e-1, 12",
    "-3.0, -3",
    "0e999999999, 0",
    "0.000, 0",
    "999999999999999999, 999999999999999999"
  })
  void aWholeValueIsReadHoweverItIsWritten(BigDecimal written, long value) {
    assertThat(WholeNumber.of(written)).hasValue(value);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "5.1",
        "1e-400",
        "1e-2147483647",
        "0.99999999999999999999",
        "1.00000000000000000001",
        "1e999999999",
        "1e2147483647",
        "-1e2147483647",
        "1000000000000000000"
      })
  void everythingElseIsRefusedWithoutBeingExpanded(BigDecimal written) {
    assertThat(WholeNumber.of(written)).isEmpty();
  }
}
