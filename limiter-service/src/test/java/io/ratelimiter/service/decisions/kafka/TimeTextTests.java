package io.ratelimiter.service.decisions.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TimeTextTests {

  private static final long SEED = 20_260_731;

  private final TimeText times = new TimeText();

  @ParameterizedTest
  @ValueSource(
      longs = {
        0,
        1,
        999,
        1_000,
        999_000,
        999_999,
        1_000_000,
        60_000_000,
        1_764_003_599_999_999L,
        1_764_003_600_000_000L,
        1_764_003_600_010_000L,
        1_764_003_600_010_001L,
        -1,
        -1_000_000,
        253_402_300_800_000_000L
      })
  void anInstantIsWrittenAsJavaWritesIt(long micros) {
    assertSame(micros);
  }

  @Test
  void manyInstantsWithinAFewSecondsAreWrittenInAnyOrder() {
    Random random = new Random(SEED);
    for (int i = 0; i < 10_000; i++) {
      assertSame(1_764_003_599_000_000L + random.nextInt(3_000_000));
    }
  }

  private void assertSame(long micros) {
    assertThat(new String(times.of(micros), StandardCharsets.US_ASCII))
        .isEqualTo(Instant.EPOCH.plus(micros, ChronoUnit.MICROS).toString());
  }
}
