package io.ratelimiter.endtoend;

import io.ratelimiter.schemas.EventHeaders;
import io.ratelimiter.schemas.EventWriter;
import io.ratelimiter.schemas.LedgerEvent;
import io.ratelimiter.schemas.Topics;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Writes to the decisions topic what no limiter would. */
final class Forger {

  private final int port;

  Forger(int port) {
    this.port = port;
  }

  /** A record that cannot be read. */
  Forger sendGarbage() {
    send(EventHeaders.TYPE_DECISION, "{".getBytes(StandardCharsets.UTF_8));
    return this;
  }

  /** A ledger by which so many numbers are on the topic, which are not. */
  Forger settleWhatWasNeverSent(long numbers) {
    LedgerEvent ledger =
        new LedgerEvent("forged", "epoch", 0, numbers, numbers, 0, 0, numbers, 0, false, null);
    send(EventHeaders.TYPE_LEDGER, new EventWriter().ledger(ledger));
    return this;
  }

  private void send(String type, byte[] value) {
    try (var producer =
        new KafkaProducer<>(
            Map.of(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, "localhost:" + port),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      ProducerRecord<byte[], byte[]> record =
          new ProducerRecord<>(Topics.DECISIONS, 0, null, value);
      record.headers().add(EventHeaders.CE_TYPE, type.getBytes(StandardCharsets.UTF_8));
      producer.send(record).get();
    } catch (ExecutionException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
