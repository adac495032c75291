package io.ratelimiter.service.decisions.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.ratelimiter.schemas.EventReader;
import io.ratelimiter.schemas.LedgerEvent;
import io.ratelimiter.service.decisions.series.Epoch;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;

class LedgerPublisherTests {

  private final MockProducer<byte[], byte[]> producer =
      new MockProducer<>(true, null, new ByteArraySerializer(), new ByteArraySerializer());
  private final EventSender sender =
      new EventSender(producer, "/rate-limiter/node-1", new UnackedEvents(1_000_000));
  private final LedgerPublisher ledgers =
      new LedgerPublisher(Clock.fixed(Instant.ofEpochSecond(60), ZoneOffset.UTC));
  private final Epoch epoch = Epoch.begin("node-1", null, "decisions", 1, Instant.ofEpochSecond(2));

  @Test
  void aLedgerStatesWhenItWasCountedAndWhenItsSeriesBegan() {
    assertThat(published().atMicros()).isEqualTo(60_000_000);
    assertThat(published().begunMicros()).isEqualTo(2_000_000);
  }

  @Test
  void aSeriesWithDecisionsOfAnEarlierStartHasNoKnownBegin() {
    epoch.series().getFirst().issueToEarlier();

    assertThat(published().atMicros()).isEqualTo(60_000_000);
    assertThat(published().begunMicros()).isNull();
  }

  private LedgerEvent published() {
    ledgers.publish(sender, epoch);
    return new EventReader().ledger(producer.history().getLast().value());
  }
}
