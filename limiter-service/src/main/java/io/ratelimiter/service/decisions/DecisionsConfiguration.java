package io.ratelimiter.service.decisions;

import io.ratelimiter.service.check.DecisionPublisher;
import io.ratelimiter.service.decisions.kafka.KafkaSettings;
import java.time.Clock;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
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
  KafkaSettings kafkaSettings(DecisionsProperties properties, Environment environment) {
    return new KafkaSettings(
        properties.bootstrapServers(), properties.deliveryTimeout(), passedThrough(environment));
  }

  /** {@code KAFKA_CLIENT_SECURITY_PROTOCOL} becomes {@code security.protocol}. */
  public static Map<String, String> passedThrough(Environment environment) {
    Map<String, String> settings = new HashMap<>();
    String compression = environment.getProperty("decisions.compression", "lz4");
    settings.put(KafkaSettings.COMPRESSION, compression.toLowerCase(Locale.ROOT));
    settings.putAll(
        Binder.get(environment)
            .bind(PASSED_THROUGH, Bindable.mapOf(String.class, String.class))
            .orElse(Map.of()));
    return settings;
  }

  @Bean
  DecisionStream decisionStream(DecisionsProperties properties, KafkaSettings kafka) {
    return new DecisionStream(properties, kafka, Clock.systemUTC());
  }

  @Bean
  DecisionPublisher decisionPublisher(DecisionStream stream) {
    return stream.publisher();
  }

  @Bean
  DecisionMetrics decisionMetrics(DecisionsStatus status) {
    return new DecisionMetrics(status, System::nanoTime);
  }
}
