package io.ratelimiter.endtoend;

import io.ratelimiter.schemas.DecisionEvent;
import io.ratelimiter.schemas.EventHeaders;
import io.ratelimiter.schemas.EventReader;
import io.ratelimiter.schemas.topics.Topics;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** A consumer of the decisions topic. */
final class Topic {

  private static final EventReader READER = new EventReader();

  private final int port;

  Topic(int port) {
    this.port = port;
  }

  /** A decision and its record's headers. */
  record Published(DecisionEvent event, Map<String, String> headers) {

    String correlationId() {
      return headers.getOrDefault(EventHeaders.CORRELATION_ID, "");
    }
  }

  /** Matching decisions from the start of the topic to its current end. */
  List<Published> decisions(Predicate<DecisionEvent> wanted) {
    List<Published> published = new ArrayList<>();
    read(record -> {
      if (header(record, EventHeaders.CE_TYPE).equals(EventHeaders.TYPE_DECISION)) {
        DecisionEvent event = READER.decision(record.value());
        if (wanted.test(event)) {
          published.add(new Published(event, headers(record)));
        }
      }
    });
    return published;
  }

  /** Reads every record from the start of the topic to its current end. */
  void read(Consumer<ConsumerRecord<byte[], byte[]>> each) {
    try (KafkaConsumer<byte[], byte[]> consumer = consumer()) {
      var partitions =
          consumer.partitionsFor(Topics.DECISIONS).stream()
              .map(p -> new TopicPartition(p.topic(), p.partition()))
              .toList();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      var ends = consumer.endOffsets(partitions);
      while (ends.entrySet().stream().anyMatch(e -> consumer.position(e.getKey()) < e.getValue())) {
        consumer.poll(Duration.ofMillis(200)).forEach(each);
      }
    }
  }

  /** Text of a header; empty if it is missing. */
  static String header(ConsumerRecord<byte[], byte[]> record, String name) {
    var header = record.headers().lastHeader(name);
    return header == null ? "" : new String(header.value(), StandardCharsets.UTF_8);
  }

  private static Map<String, String> headers(ConsumerRecord<byte[], byte[]> record) {
    Map<String, String> headers = new TreeMap<>();
    record.headers().forEach(one -> headers.put(one.key(), header(record, one.key())));
    return headers;
  }

  private KafkaConsumer<byte[], byte[]> consumer() {
    return new KafkaConsumer<>(
        Map.of(
            ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
            "localhost:" + port,
            ConsumerConfig.GROUP_ID_CONFIG,
            UUID.randomUUID().toString(),
            ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
            false),
        new ByteArrayDeserializer(),
        new ByteArrayDeserializer());
  }
}
