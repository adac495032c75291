package io.ratelimiter.service.decisions;

import io.ratelimiter.schemas.topics.TopicCreator;
import io.ratelimiter.schemas.topics.TopicSpec;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.jspecify.annotations.Nullable;

/**
 * Makes the Kafka clients when they are first needed: a client refuses to be made while its
 * server's name cannot be resolved. Used by one thread, but for {@link #close}.
 */
final class KafkaClients {

  private final KafkaSettings settings;
  private volatile @Nullable Producer<byte[], byte[]> producer;

  KafkaClients(KafkaSettings settings) {
    this.settings = settings;
  }

  /** The producer; the same one until it is {@link #discard}ed. */
  Producer<byte[], byte[]> producer() {
    Producer<byte[], byte[]> current = producer;
    if (current == null) {
      current = new KafkaProducer<>(settings.producer());
      producer = current;
    }
    return current;
  }

  /**
   * Creates the topic if it is missing; blocks for some seconds at most.
   *
   * @return how many partitions it has
   */
  int partitionsOf(TopicSpec topic) throws ExecutionException, InterruptedException {
    try (Admin admin = Admin.create(settings.admin())) {
      Map<String, Integer> partitions = new TopicCreator(admin).ensure(List.of(topic));
      return partitions.getOrDefault(topic.name(), 0);
    }
  }

  /**
   * A number among the producer's own metrics, by Kafka's name; 0 while there is no producer. Does
   * not block.
   */
  double measured(String name) {
    Producer<byte[], byte[]> current = producer;
    if (current == null) {
      return 0;
    }
    for (var metric : current.metrics().entrySet()) {
      if (metric.getKey().name().equals(name)
          && metric.getKey().group().equals("producer-metrics")
          && metric.getValue().metricValue() instanceof Double value) {
        return value;
      }
    }
    return 0;
  }

  /** Gives up a producer that does not recover; what it still holds is told as failed. */
  void discard() {
    close(Duration.ZERO);
  }

  /** Closes the producer; what is not delivered in time is told as failed. Blocks so long. */
  void close(Duration limit) {
    Producer<byte[], byte[]> current = producer;
    producer = null;
    if (current != null) {
      current.close(limit);
    }
  }
}
