package io.ratelimiter.service;

import io.ratelimiter.service.api.servlet.ServletConfiguration;
import io.ratelimiter.service.check.CheckConfiguration;
import io.ratelimiter.service.ops.OpsConfiguration;
import io.ratelimiter.service.rules.RulesConfiguration;
import java.time.InstantSource;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;

/** The service. Each feature's configuration is listed here, and nothing is found by scanning. */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
@Import({
  ServletConfiguration.class,
  CheckConfiguration.class,
  RulesConfiguration.class,
  LimiterConfiguration.class,
  OpsConfiguration.class
})
public class LimiterServiceApplication {

  /** Starts the service and returns when it accepts requests. */
  public static void main(String[] args) {
    SpringApplication.run(LimiterServiceApplication.class, args);
  }

  /** The service's clock; the store's decides consumption. */
  @Bean
  InstantSource clock() {
    return InstantSource.system();
  }
}
