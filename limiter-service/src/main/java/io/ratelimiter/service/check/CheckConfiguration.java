package io.ratelimiter.service.check;

import io.micrometer.core.instrument.MeterRegistry;
import io.ratelimiter.service.limiter.Counters;
import io.ratelimiter.service.limiter.Limiter;
import io.ratelimiter.service.rules.ActiveRules;
import java.time.InstantSource;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Beans of the use cases. */
@Configuration(proxyBeanMethods = false)
public class CheckConfiguration {

  @Bean
  CheckMetrics checkMetrics(MeterRegistry registry) {
    return new CheckMetrics(registry);
  }

  @Bean
  Checks checks(
      ActiveRules rules,
      Limiter limiter,
      DecisionPublisher publisher,
      CheckMetrics metrics,
      InstantSource clock) {
    return new Checks(rules, limiter, publisher, metrics, clock);
  }

  @Bean
  SettlementMetrics settlementMetrics(MeterRegistry registry) {
    return new SettlementMetrics(registry);
  }

  @Bean
  Adjustments adjustments(
      ActiveRules rules,
      Counters counters,
      DecisionPublisher publisher,
      SettlementMetrics metrics,
      InstantSource clock) {
    return new Adjustments(rules, counters, publisher, metrics, clock);
  }
}
