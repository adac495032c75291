package io.ratelimiter.schemas.topics;

import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.admin.NewTopic;

/**
 * A topic and its settings.
 *
 * @param name full name
 * @param partitions min 1
 * @param config topic-level settings by Kafka's names
 */
public record TopicSpec(String name, int partitions, Map<String, String> config) {

  public TopicSpec {
    if (partitions < 1) {
      throw new IllegalArgumentException(
          "partitions of " + name + " must be at least 1, not " + partitions);
    }
    config = Map.copyOf(config);
  }

  /** The topic for Kafka's admin client, with the broker's default replication factor. */
  public NewTopic toNewTopic() {
    return new NewTopic(name, Optional.of(partitions), Optional.empty()).configs(config);
  }
}
