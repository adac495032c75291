package io.ratelimiter.auditor.ops;

import io.ratelimiter.auditor.store.StoreConfiguration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/**
 * What every Kafka client gets beside its own settings: {@code KAFKA_CLIENT_SECURITY_PROTOCOL} of
 * the environment is {@code security.protocol}.
 *
 * @param all by Kafka's names
 */
record KafkaClientSettings(Map<String, String> all) implements StoreConfiguration.ConsumerSettings {

  private static final String PREFIX = "KAFKA_CLIENT_";

  KafkaClientSettings {
    all = Map.copyOf(all);
  }

  static KafkaClientSettings of(Map<String, ?> environment, String bootstrapServers) {
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
