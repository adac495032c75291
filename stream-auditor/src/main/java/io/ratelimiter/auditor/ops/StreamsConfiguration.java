package io.ratelimiter.auditor.ops;

import io.ratelimiter.auditor.store.Sink;
import java.util.Map;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.streams.KafkaStreams;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.ConfigurableEnvironment;

/** The streams application's beans. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(StreamsProperties.class)
public class StreamsConfiguration {

  @Bean
  KafkaClientSettings kafkaClientSettings(
      ConfigurableEnvironment environment, StreamsProperties settings) {
    return KafkaClientSettings.of(environment.getSystemEnvironment(), settings.bootstrapServers());
  }

  @Bean
  AuditStreams auditStreams(
      StreamsProperties settings, KafkaClientSettings client, AuditMeters meters, Sink sink) {
    return new AuditStreams(settings, client, meters, sink::topicsAreThere);
  }

  @Bean
  KafkaPulse kafkaPulse(KafkaClientSettings client) {
    return new KafkaPulse(client);
  }

  static Map<MetricName, ? extends Metric> metrics(AuditStreams streams) {
    KafkaStreams running = streams.running();
    return running == null ? Map.of() : running.metrics();
  }
}
