package io.ratelimiter.service.decisions.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class StallDetectorTests {

  private static final long SECOND = 1_000_000_000;

  private final StallDetector stalls = new StallDetector(Duration.ofSeconds(2));

  @Test
  void itIsAStallWhenEventsWaitAndNoneIsAcknowledgedForTheTimeout() {
    assertThat(stalls.stalled(10, 5, 0)).isFalse();
    assertThat(stalls.stalled(10, 6, SECOND)).isFalse();
    assertThat(stalls.stalled(10, 7, 2 * SECOND)).isTrue();
  }

  @Test
  void oneAcknowledgementRestartsTheTimeout() {
    stalls.stalled(10, 5, 0);
    assertThat(stalls.stalled(11, 500, 2 * SECOND)).isFalse();
    assertThat(stalls.stalled(11, 500, 3 * SECOND)).isFalse();
    assertThat(stalls.stalled(11, 500, 4 * SECOND)).isTrue();
  }

  @Test
  void nothingToAcknowledgeIsNoStall() {
    stalls.stalled(10, 0, 0);
    assertThat(stalls.stalled(10, 0, 60 * SECOND)).isFalse();
    assertThat(stalls.stalled(10, 1, 61 * SECOND)).isFalse();
    assertThat(stalls.stalled(10, 1, 62 * SECOND)).isTrue();
  }

  @Test
  void aResetRestartsTheTimeout() {
    stalls.stalled(10, 1, 0);
    stalls.reset(10 * SECOND);
    assertThat(stalls.stalled(10, 1, 11 * SECOND)).isFalse();
  }
}
