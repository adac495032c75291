package io.ratelimiter.auditor.kafka;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/**
 * Settings that all Kafka clients share: the brokers, and every variable {@code KAFKA_CLIENT_*} of
 * the environment, such as {@code KAFKA_CLIENT_SECURITY_PROTOCOL} for {@code security.protocol}.
 *
 * @param all values by Kafka's names
 */
public record KafkaClientSettings(Map<String, String> all) {

  private static final String PREFIX = "KAFKA_CLIENT_";

  public KafkaClientSettings {
    all = Map.copyOf(all);
  }

  /** Reads the settings from the environment. */
  public static KafkaClientSettings of(Map<String, ?> environment, String bootstrapServers) {
    Map<String, String> all = new HashMap<>();
    all.put("bootstrap.servers", bootstrapServers);
    environment.forEach((name, value) -> {
      if (name.startsWith(PREFIX)) {
        all.put(
            name.substring(PREFIX.length()).toLowerCase(Locale.ROOT).replace('_', '.'),
            String.valueOf(value));
      }
    });
    return new KafkaClientSettings(all);
  }
}
