package io.ratelimiter.service.decisions.kafka;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Settings of the Kafka clients: defaults, then the operator's, then those that must not be changed
 * because sending must never wait and never duplicate.
 *
 * @param bootstrapServers Kafka's addresses; blank when no Kafka is configured
 * @param topic the decisions topic
 * @param deliveryTimeout how long the producer tries to deliver a record
 * @param passedThrough from {@code KAFKA_CLIENT_*}, by Kafka's own names
 */
public record KafkaSettings(
    String bootstrapServers,
    String topic,
    Duration deliveryTimeout,
    Map<String, String> passedThrough) {

  private static final int LINGER_MILLIS = 10;
  private static final int BATCH_BYTES = 128 * 1024;

  /** An eighth of the heap, max 64 MiB. */
  private static final long BUFFER_BYTES =
      Math.min(64L * 1024 * 1024, Runtime.getRuntime().maxMemory() / 8);

  private static final int ADMIN_REQUEST_MILLIS = 3_000;
  private static final int POLLED_RECORDS = 500;
  private static final int FETCHED_BYTES = 4 * 1024 * 1024;

  /** Kafka's name of the producer's compression. */
  public static final String COMPRESSION = ProducerConfig.COMPRESSION_TYPE_CONFIG;

  public KafkaSettings {
    passedThrough = Map.copyOf(passedThrough);
  }

  /** Whether Kafka's addresses are configured. */
  public boolean configured() {
    return !bootstrapServers.isBlank();
  }

  Map<String, Object> producer() {
    Map<String, Object> settings = new HashMap<>();
    settings.put(ProducerConfig.LINGER_MS_CONFIG, LINGER_MILLIS);
    settings.put(ProducerConfig.BATCH_SIZE_CONFIG, BATCH_BYTES);
    settings.put(ProducerConfig.BUFFER_MEMORY_CONFIG, BUFFER_BYTES);
    settings.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, (int) deliveryTimeout.toMillis());
    // Two attempts fit into the delivery timeout.
    settings.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, (int) deliveryTimeout.toMillis() / 2);
    // After this idle time the producer drops a topic's metadata, and the next send fails.
    settings.put(ProducerConfig.METADATA_MAX_IDLE_CONFIG, Integer.MAX_VALUE);
    settings.putAll(passedThrough);
    settings.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
    settings.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, 0);
    settings.put(ProducerConfig.ACKS_CONFIG, "all");
    settings.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
    settings.put(ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
    settings.put(ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
    return settings;
  }

  Map<String, Object> admin() {
    Map<String, Object> settings = new HashMap<>();
    settings.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, ADMIN_REQUEST_MILLIS);
    settings.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, ADMIN_REQUEST_MILLIS);
    addKnown(settings, AdminClientConfig.configNames());
    settings.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
    return settings;
  }

  /** For a consumer without a group, which commits nothing. */
  Map<String, Object> consumer() {
    Map<String, Object> settings = new HashMap<>();
    settings.put(ConsumerConfig.REQUEST_TIMEOUT_MS_CONFIG, ADMIN_REQUEST_MILLIS);
    settings.put(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, ADMIN_REQUEST_MILLIS);
    settings.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, POLLED_RECORDS);
    settings.put(ConsumerConfig.FETCH_MAX_BYTES_CONFIG, FETCHED_BYTES);
    addKnown(settings, ConsumerConfig.configNames());
    settings.remove(ConsumerConfig.GROUP_ID_CONFIG);
    settings.put(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
    settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    settings.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
    settings.put(ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
    settings.put(ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
    return settings;
  }

  private void addKnown(Map<String, Object> settings, Set<String> known) {
    passedThrough.forEach((name, value) -> {
      if (known.contains(name)) {
        settings.put(name, value);
      }
    });
  }
}
