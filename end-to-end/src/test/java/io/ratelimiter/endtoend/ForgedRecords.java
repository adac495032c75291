package io.ratelimiter.endtoend;

import io.ratelimiter.schemas.EventHeaders;
import io.ratelimiter.schemas.EventWriter;
import io.ratelimiter.schemas.LedgerEvent;
import io.ratelimiter.schemas.topics.Topics;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Writes records to the decisions topic that no limiter would write. */
final class ForgedRecords {

  private final int port;

  ForgedRecords(int port) {
    this.port = port;
  }

  /** Sends this number of unreadable records. */
  ForgedRecords sendGarbage(int records) {
    List<ProducerRecord<byte[], byte[]>> garbage =
        IntStream.range(0, records)
            .mapToObj(_ -> record(EventHeaders.TYPE_DECISION, "{".getBytes(StandardCharsets.UTF_8)))
            .toList();
    send(garbage);
    return this;
  }

  /** Sends an unreadable record with this correlation id. */
  ForgedRecords sendGarbageOf(String correlationId) {
    ProducerRecord<byte[], byte[]> garbage =
        record(EventHeaders.TYPE_DECISION, "{".getBytes(StandardCharsets.UTF_8));
    garbage
        .headers()
        .add(EventHeaders.CORRELATION_ID, correlationId.getBytes(StandardCharsets.UTF_8));
    send(List.of(garbage));
    return this;
  }

  /** Sends a ledger that claims this number of records, which were never sent. */
  ForgedRecords sendLedgerOfMissing(long numbers) {
    LedgerEvent ledger =
        new LedgerEvent("forged", "epoch", 0, numbers, numbers, 0, 0, numbers, 0, false, null);
    send(List.of(record(EventHeaders.TYPE_LEDGER, new EventWriter().ledger(ledger))));
    return this;
  }

  private static ProducerRecord<byte[], byte[]> record(String type, byte[] value) {
    ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(Topics.DECISIONS, 0, null, value);
    record.headers().add(EventHeaders.CE_TYPE, type.getBytes(StandardCharsets.UTF_8));
    return record;
  }

  private void send(List<ProducerRecord<byte[], byte[]>> records) {
    try (var producer =
        new KafkaProducer<>(
            Map.of(
                ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                "localhost:" + port,
                ProducerConfig.LINGER_MS_CONFIG,
                5),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      records.forEach(producer::send);
    }
  }
}
