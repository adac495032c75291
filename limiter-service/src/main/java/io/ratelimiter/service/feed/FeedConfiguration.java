package io.ratelimiter.service.feed;

import io.ratelimiter.service.decisions.kafka.KafkaSettings;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The live feed's bean. */
@Configuration(proxyBeanMethods = false)
public class FeedConfiguration {

  @Bean
  DecisionFeed decisionFeed(KafkaSettings settings) {
    return new DecisionFeed(settings);
  }
}
