package io.ratelimiter.service.decisions;

import static org.assertj.core.api.Assertions.assertThat;

import io.ratelimiter.service.decisions.Spool.Waiting;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;

/** Events that wait for Kafka or for the disk stay within their memory bound. */
class EventRoomTests {

  private static final int ID_BYTES = 256;
  private static final int VALUE_BYTES = 8_000;
  private static final int EVENT_BYTES = 1_024 + ID_BYTES + VALUE_BYTES;

  private final Series series = Epoch.begin("node-1", 1).series().getFirst();

  private OutgoingEvent event() {
    return new OutgoingEvent(
        series,
        series.issue(),
        EventKind.DECISION,
        "id",
        "correlation",
        1,
        new byte[ID_BYTES],
        new byte[VALUE_BYTES]);
  }

  @Test
  void noEventIsSentBeyondTheMemoryBoundUntilKafkaHasAnswered() {
    MockProducer<byte[], byte[]> producer =
        new MockProducer<>(false, null, new ByteArraySerializer(), new ByteArraySerializer());
    EventSender sender = new EventSender("/rate-limiter/node-1", 10 * EVENT_BYTES);
    int sent = 0;
    while (sender.hasRoom()) {
      sender.send(producer, event(), new Unheard());
      sent++;
    }
    assertThat(sent).isEqualTo(10);
    producer.completeNext();
    assertThat(sender.hasRoom()).isTrue();
    sender.send(producer, event(), new Unheard());
    producer.errorNext(new IllegalStateException("not taken"));
    assertThat(sender.hasRoom()).isTrue();
  }

  private record Unheard() implements Delivery {

    @Override
    public void acked() {}

    @Override
    public void refused(Exception cause) {}

    @Override
    public void failed(boolean handed, Exception cause) {}
  }

  @Test
  void theSpoolQueueRefusesEventsBeyondItsMemoryBoundUntilSomeAreWritten() throws Exception {
    SpoolQueue queue = new SpoolQueue(10 * EVENT_BYTES);
    List<Waiting> taken = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      Waiting waiting = new Waiting(event(), false);
      if (queue.offer(waiting)) {
        taken.add(waiting);
      }
    }
    assertThat(taken).hasSize(10);
    assertThat(queue.offer(new Waiting(event(), true), Duration.ofMillis(1))).isFalse();
    assertThat(queue.poll()).isEqualTo(taken.getFirst());
    assertThat(queue.offer(new Waiting(event(), true), Duration.ofMillis(1))).isTrue();
    assertThat(queue.offer(new Waiting(event(), false))).isFalse();
    for (int i = 0; i < 10; i++) {
      assertThat(queue.poll(Duration.ZERO)).isNotNull();
    }
    assertThat(queue.poll()).isNull();
    assertThat(queue.isEmpty()).isTrue();
  }
}
