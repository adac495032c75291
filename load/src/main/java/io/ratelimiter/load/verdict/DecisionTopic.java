package io.ratelimiter.load.verdict;

import io.ratelimiter.schemas.AdjustmentEvent;
import io.ratelimiter.schemas.DecisionEvent;
import io.ratelimiter.schemas.EventHeaders;
import io.ratelimiter.schemas.EventReader;
import io.ratelimiter.schemas.topics.Topics;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Reads the decisions topic from the last position to its current end. Not thread-safe. */
public final class DecisionTopic implements AutoCloseable {

  private static final Duration POLL = Duration.ofMillis(200);
  private static final Duration MAX_WAIT = Duration.ofMinutes(1);

  private final EventReader reader = new EventReader();
  private final KafkaConsumer<byte[], byte[]> consumer;
  private final List<TopicPartition> partitions;

  /** Blocks until the limiter, which may be ready earlier, has created the topic. */
  public DecisionTopic(String bootstrapServers) {
    consumer =
        new KafkaConsumer<>(
            Map.of(
                ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                bootstrapServers,
                ConsumerConfig.MAX_POLL_RECORDS_CONFIG,
                5_000,
                ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                false),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer());
    partitions = awaitPartitions();
    consumer.assign(partitions);
    skip();
  }

  private List<TopicPartition> awaitPartitions() {
    long deadline = System.nanoTime() + MAX_WAIT.toNanos();
    List<PartitionInfo> found = consumer.partitionsFor(Topics.DECISIONS);
    while (found == null || found.isEmpty()) {
      if (System.nanoTime() - deadline > 0) {
        throw new IllegalStateException("no topic " + Topics.DECISIONS + " after " + MAX_WAIT);
      }
      LockSupport.parkNanos(POLL.toNanos());
      found = consumer.partitionsFor(Topics.DECISIONS);
    }
    return found.stream()
        .map(partition -> new TopicPartition(partition.topic(), partition.partition()))
        .toList();
  }

  /** Skips all current records. */
  public void skip() {
    consumer.endOffsets(partitions).forEach(consumer::seek);
  }

  /** Reads the decisions and adjustments up to the current end. Blocks. */
  public void read(Consumer<DecisionEvent> decisions, Consumer<AdjustmentEvent> adjustments) {
    var ends = consumer.endOffsets(partitions);
    while (ends.entrySet().stream().anyMatch(e -> consumer.position(e.getKey()) < e.getValue())) {
      for (ConsumerRecord<byte[], byte[]> message : consumer.poll(POLL)) {
        switch (type(message)) {
          case EventHeaders.TYPE_DECISION -> decisions.accept(reader.decision(message.value()));
          case EventHeaders.TYPE_ADJUSTMENT ->
              adjustments.accept(reader.adjustment(message.value()));
          default -> {}
        }
      }
    }
  }

  private static String type(ConsumerRecord<byte[], byte[]> message) {
    var type = message.headers().lastHeader(EventHeaders.CE_TYPE);
    return type == null ? "" : new String(type.value(), StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    consumer.close();
  }
}
