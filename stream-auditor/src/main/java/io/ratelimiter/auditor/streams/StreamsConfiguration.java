package io.ratelimiter.auditor.streams;

import io.ratelimiter.auditor.kafka.KafkaClientSettings;
import io.ratelimiter.auditor.store.Generation;
import io.ratelimiter.auditor.store.Sink;
import io.ratelimiter.auditor.topology.AuditCounts;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.ConfigurableEnvironment;

/** Beans of the streams application. */
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
      StreamsProperties settings,
      KafkaClientSettings client,
      AuditCounts counts,
      Generation generation,
      Sink sink) {
    return new AuditStreams(settings, client, counts, generation, sink::topicsExist);
  }

  @Bean
  OldRuns oldRuns(KafkaClientSettings client, Generation generation) {
    return new OldRuns(client, generation);
  }
}
