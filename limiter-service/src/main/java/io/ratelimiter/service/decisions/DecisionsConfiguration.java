package io.ratelimiter.service.decisions;

import java.time.Clock;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;

/** The decision stream's beans. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(DecisionsProperties.class)
public class DecisionsConfiguration {

  private static final String PASSED_THROUGH = "kafka.client";

  @Bean
  DecisionStream decisionStream(DecisionsProperties properties, Environment environment) {
    return new DecisionStream(properties, kafkaSettings(environment), Clock.systemUTC());
  }

  /** {@code KAFKA_CLIENT_SECURITY_PROTOCOL} is passed to every Kafka client as itself. */
  static Map<String, String> kafkaSettings(Environment environment) {
    Map<String, String> settings = new HashMap<>();
    String compression = environment.getProperty("decisions.compression", "lz4");
    settings.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, compression.toLowerCase(Locale.ROOT));
    settings.putAll(
        Binder.get(environment)
            .bind(PASSED_THROUGH, Bindable.mapOf(String.class, String.class))
            .orElse(Map.of()));
    return settings;
  }

  @Bean
  DecisionPublisher decisionPublisher(DecisionStream stream) {
    return stream.publisher();
  }

  @Bean
  DecisionFeed decisionFeed(DecisionsProperties properties, Environment environment) {
    KafkaSettings settings =
        new KafkaSettings(
            properties.bootstrapServers(),
            properties.deliveryTimeout(),
            kafkaSettings(environment));
    return new DecisionFeed(properties, settings);
  }

  @Bean
  DecisionMetrics decisionMetrics(DecisionsStatus status) {
    return new DecisionMetrics(status);
  }
}
