package io.ratelimiter.service.decisions.kafka;

import io.ratelimiter.schemas.topics.TopicCreator;
import io.ratelimiter.schemas.topics.TopicSpec;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.jspecify.annotations.Nullable;

/**
 * Creates Kafka clients on first use, since a client cannot be created while its server's name does
 * not resolve. {@link #sender} is for one thread.
 */
public final class KafkaClients {

  private final KafkaSettings settings;
  private final String source;
  private final UnackedEvents unacked;
  private volatile @Nullable EventSender sender;

  /**
   * @param source {@code ce_source} of every event
   */
  public KafkaClients(KafkaSettings settings, String source, UnackedEvents unacked) {
    this.settings = settings;
    this.source = source;
    this.unacked = unacked;
  }

  boolean configured() {
    return settings.configured();
  }

  /** Kafka's addresses. */
  String bootstrapServers() {
    return settings.bootstrapServers();
  }

  /** The sender over the current producer, which is created if there is none. */
  EventSender sender() {
    EventSender current = sender;
    if (current == null) {
      current = new EventSender(new KafkaProducer<>(settings.producer()), source, unacked);
      sender = current;
    }
    return current;
  }

  /**
   * Creates the topic if it is missing. Blocks for some seconds at most.
   *
   * @return its number of partitions
   */
  int partitionsOf(TopicSpec topic) throws ExecutionException, InterruptedException {
    try (Admin admin = Admin.create(settings.admin())) {
      Map<String, Integer> partitions = new TopicCreator(admin).ensure(List.of(topic));
      return partitions.getOrDefault(topic.name(), 0);
    }
  }

  /** As {@link #partitionsOf}; also loads the producer's metadata, for which sends do not wait. */
  public int prepare(TopicSpec topic) throws ExecutionException, InterruptedException {
    int partitions = partitionsOf(topic);
    KafkaConnectAttempt.awaitMetadata(sender().producer(), topic.name(), partitions);
    return partitions;
  }

  /** A metric of the producer by Kafka's name; 0 without a producer. Never blocks. */
  public double metric(String name) {
    EventSender current = sender;
    if (current == null) {
      return 0;
    }
    for (var metric : current.producer().metrics().entrySet()) {
      if (metric.getKey().name().equals(name)
          && metric.getKey().group().equals("producer-metrics")
          && metric.getValue().metricValue() instanceof Double value) {
        return value;
      }
    }
    return 0;
  }

  /** Closes the producer; its unsent events fail after {@code limit}. Blocks until then. */
  public void close(Duration limit) {
    EventSender current = sender;
    sender = null;
    if (current != null) {
      current.producer().close(limit);
    }
  }

  /** Closes the producer at once. */
  void discard() {
    close(Duration.ZERO);
  }
}
