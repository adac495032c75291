package io.ratelimiter.service.decisions.spool;

import static org.assertj.core.api.Assertions.assertThat;

import io.ratelimiter.service.decisions.series.Epoch;
import io.ratelimiter.service.decisions.series.EventKind;
import io.ratelimiter.service.decisions.series.IssuedSeries;
import io.ratelimiter.service.decisions.series.OutgoingEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class BoundedEventQueueTests {

  private static final int VALUE_BYTES = 8_000;
  private static final int EVENT_BYTES = 1_024 + VALUE_BYTES;

  private final IssuedSeries series =
      Epoch.begin("node-1", null, "decisions", 1, Instant.EPOCH).series().getFirst();

  private QueuedEvent event(boolean maybeSent) {
    OutgoingEvent event =
        new OutgoingEvent(
            series,
            series.issue(),
            EventKind.DECISION,
            "id",
            "correlation",
            1,
            new byte[0],
            new byte[VALUE_BYTES]);
    return new QueuedEvent(event, maybeSent);
  }

  @Test
  void itRefusesEventsBeyondItsMemoryBoundUntilSomeAreRemoved() throws Exception {
    BoundedEventQueue queue = new BoundedEventQueue(10 * EVENT_BYTES);
    List<QueuedEvent> taken = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      QueuedEvent queued = event(false);
      if (queue.offer(queued)) {
        taken.add(queued);
      }
    }
    assertThat(taken).hasSize(10);
    assertThat(queue.offer(event(true), Duration.ofMillis(1))).isFalse();
    assertThat(queue.poll()).isEqualTo(taken.getFirst());
    assertThat(queue.offer(event(true), Duration.ofMillis(1))).isTrue();
    assertThat(queue.offer(event(false))).isFalse();
    for (int i = 0; i < 10; i++) {
      assertThat(queue.poll(Duration.ZERO)).isNotNull();
    }
    assertThat(queue.poll()).isNull();
    assertThat(queue.isEmpty()).isTrue();
  }
}
