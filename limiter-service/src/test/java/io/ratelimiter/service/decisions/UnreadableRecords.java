package io.ratelimiter.service.decisions;

import io.ratelimiter.schemas.topics.Topics;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/** Records that other programs may write to the decisions topic. */
final class UnreadableRecords {

  static final int COUNT = 8;

  private UnreadableRecords() {}

  static void publish(String bootstrapServers) {
    Map<String, Object> settings = Map.of("bootstrap.servers", bootstrapServers);
    try (var producer =
        new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
      send(producer, "decision.v1", "{");
      send(producer, "decision.v1", null);
      send(producer, "decision.v1", "[]");
      send(producer, "decision.v1", "17");
      send(producer, "decision.v1", "{\"schema_version\":1,\"decision_id\":7}");
      send(producer, "decision.v1", "[".repeat(200_000));
      send(producer, null, "{\"schema_version\":1}");
      byte[] notUtf8 = {'{', (byte) 0xff, (byte) 0xfe, '}'};
      producer.send(record("decision.v1", notUtf8));
    }
  }

  private static void send(
      Producer<byte[], byte[]> producer, @Nullable String type, @Nullable String value) {
    producer.send(record(type, value == null ? null : value.getBytes(StandardCharsets.UTF_8)));
  }

  private static ProducerRecord<byte[], byte[]> record(
      @Nullable String type, byte @Nullable [] value) {
    ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(Topics.DECISIONS, 0, null, value);
    if (type != null) {
      record.headers().add("ce_type", type.getBytes(StandardCharsets.UTF_8));
    }
    return record;
  }
}
