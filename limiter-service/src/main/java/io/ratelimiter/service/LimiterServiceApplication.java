package io.ratelimiter.service;

import io.ratelimiter.service.api.servlet.ServletConfiguration;
import io.ratelimiter.service.check.CheckConfiguration;
import io.ratelimiter.service.ops.OpsConfiguration;
import java.time.InstantSource;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;

/**
 * The service. Each feature's configuration is listed here and nothing is found by scanning; the
 * database may be away, so its pool is the rules' own affair.
 */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration(exclude = DataSourceAutoConfiguration.class)
@Import({
  ServletConfiguration.class,
  CheckConfiguration.class,
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
