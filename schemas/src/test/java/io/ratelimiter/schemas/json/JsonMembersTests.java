package io.ratelimiter.schemas.json;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonMembersTests {

  @ParameterizedTest
  @ValueSource(
      longs = {
        -1_764_000_000_123L,
        -5,
        0,
        7,
        999,
        1_000,
        1_001,
        1_764_000_000_000L,
        1_764_000_000_090L,
        1_764_000_000_123L,
        Long.MAX_VALUE
      })
  void secondsAreWrittenAsADecimalWritesThem(long millis) {
    assertThat(JsonMembers.seconds(millis)).isEqualTo(BigDecimal.valueOf(millis, 3).toString());
  }
}
