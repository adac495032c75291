package io.ratelimiter.service.full;

import io.ratelimiter.localstack.KafkaServer;
import io.ratelimiter.schemas.DecisionEvent;
import io.ratelimiter.schemas.EventHeaders;
import io.ratelimiter.schemas.EventReader;
import io.ratelimiter.schemas.topics.Topics;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Reads the decisions topic. */
final class PublishedDecisions {

  private PublishedDecisions() {}

  /** Decision ids of a client, including duplicates. */
  static List<String> decisions(KafkaServer kafka, String client) {
    return records(kafka).stream()
        .filter(message -> EventHeaders.TYPE_DECISION.equals(header(message, EventHeaders.CE_TYPE)))
        .map(message -> new EventReader().decision(message.value()))
        .filter(event -> event.clientId().equals(client))
        .map(DecisionEvent::decisionId)
        .toList();
  }

  /** All records up to the current end of each partition. */
  static List<ConsumerRecord<byte[], byte[]>> records(KafkaServer kafka) {
    List<ConsumerRecord<byte[], byte[]>> all = new ArrayList<>();
    try (var consumer =
        new KafkaConsumer<>(
            Map.<String, Object>of("bootstrap.servers", kafka.bootstrapServers()),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer())) {
      List<TopicPartition> partitions =
          consumer.partitionsFor(Topics.DECISIONS).stream()
              .map(info -> new TopicPartition(info.topic(), info.partition()))
              .toList();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
      while (partitions.stream().anyMatch(one -> consumer.position(one) < ends.get(one))) {
        consumer.poll(Duration.ofMillis(200)).forEach(all::add);
      }
    }
    return all;
  }

  static String header(ConsumerRecord<byte[], byte[]> message, String name) {
    return new String(message.headers().lastHeader(name).value(), StandardCharsets.UTF_8);
  }
}
