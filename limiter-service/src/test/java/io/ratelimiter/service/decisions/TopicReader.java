package io.ratelimiter.service.decisions;

import io.ratelimiter.schemas.topics.Topics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Reads the whole decisions topic. */
public final class TopicReader {

  private static final Duration POLL = Duration.ofMillis(200);

  private TopicReader() {}

  /** Every record up to the end of each partition at the time of the call. */
  public static List<ConsumerRecord<byte[], byte[]>> readAll(String bootstrapServers) {
    List<ConsumerRecord<byte[], byte[]>> all = new ArrayList<>();
    readAll(bootstrapServers, all::add);
    return all;
  }

  /** The same, passed to the consumer one by one. */
  static void readAll(
      String bootstrapServers, Consumer<ConsumerRecord<byte[], byte[]>> consumerOfEach) {
    try (var consumer =
        new KafkaConsumer<>(
            Map.<String, Object>of("bootstrap.servers", bootstrapServers),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer())) {
      List<TopicPartition> partitions =
          consumer.partitionsFor(Topics.DECISIONS).stream()
              .map(info -> new TopicPartition(info.topic(), info.partition()))
              .toList();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
      while (partitions.stream().anyMatch(p -> consumer.position(p) < ends.get(p))) {
        consumer.poll(POLL).forEach(consumerOfEach);
      }
    }
  }
}
