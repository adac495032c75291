package io.ratelimiter.service.decisions.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class StallDetectorTests {

  private static final long SECOND = 1_000_000_000;

  private final StallDetector stalls = new StallDetector(Duration.ofSeconds(2));

  @Test
  void it_is_a_stall_when_events_wait_and_none_is_acknowledged_for_the_timeout() {
    assertThat(stalls.stalled(10, 5, 0)).isFalse();
    assertThat(stalls.stalled(10, 6, SECOND)).isFalse();
    assertThat(stalls.stalled(10, 7, 2 * SECOND)).isTrue();
  }

  @Test
  void one_acknowledgement_restarts_the_timeout() {
    stalls.stalled(10, 5, 0);
    assertThat(stalls.stalled(11, 500, 2 * SECOND)).isFalse();
    assertThat(stalls.stalled(11, 500, 3 * SECOND)).isFalse();
    assertThat(stalls.stalled(11, 500, 4 * SECOND)).isTrue();
  }

  @Test
  void nothing_to_acknowledge_is_no_stall() {
    stalls.stalled(10, 0, 0);
    assertThat(stalls.stalled(10, 0, 60 * SECOND)).isFalse();
    assertThat(stalls.stalled(10, 1, 61 * SECOND)).isFalse();
    assertThat(stalls.stalled(10, 1, 62 * SECOND)).isTrue();
  }

  @Test
  void a_reset_restarts_the_timeout() {
    stalls.stalled(10, 1, 0);
    stalls.reset(10 * SECOND);
    assertThat(stalls.stalled(10, 1, 11 * SECOND)).isFalse();
  }
}
