package io.ratelimiter.service;

import io.ratelimiter.runtime.DatabaseSession;
import io.ratelimiter.service.analytics.AnalyticsConfiguration;
import io.ratelimiter.service.api.eventloop.FrontDoorConfiguration;
import io.ratelimiter.service.api.mvc.MvcConfiguration;
import io.ratelimiter.service.api.mvc.rules.AdminRulesConfiguration;
import io.ratelimiter.service.check.CheckConfiguration;
import io.ratelimiter.service.decisions.DecisionsConfiguration;
import io.ratelimiter.service.ops.OpsConfiguration;
import io.ratelimiter.service.ops.PortsCheck;
import io.ratelimiter.service.ops.Settings;
import io.ratelimiter.service.page.PageConfiguration;
import io.ratelimiter.service.rules.live.LiveRulesConfiguration;
import io.ratelimiter.service.rules.store.RuleStoreConfiguration;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;

/** The service. Lists the configuration of each feature; there is no component scan. */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
@Import({
  FrontDoorConfiguration.class,
  MvcConfiguration.class,
  AdminRulesConfiguration.class,
  CheckConfiguration.class,
  LiveRulesConfiguration.class,
  RuleStoreConfiguration.class,
  LimiterConfiguration.class,
  DecisionsConfiguration.class,
  AnalyticsConfiguration.class,
  PageConfiguration.class,
  OpsConfiguration.class
})
public class LimiterServiceApplication {

  private static final int START_FAILED = 1;
  private static final int WRONG_ENVIRONMENT = 2;

  /**
   * Starts the service and returns when it accepts requests. If it cannot start, exits with 2 for a
   * wrong environment variable, else with 1.
   */
  public static void main(String[] args) {
    // Machine-readable output must not depend on the user's language.
    Locale.setDefault(Locale.ENGLISH);
    Map<String, String> environment = System.getenv();
    List<String> faults = Settings.faults(environment);
    if (faults.isEmpty()) {
      faults =
          DatabaseSession.fault(environment.getOrDefault("DATABASE_URL", "")).stream().toList();
    }
    if (!faults.isEmpty()) {
      faults.forEach(System.err::println);
      System.exit(WRONG_ENVIRONMENT);
    }
    PortsCheck.fault(environment)
        .ifPresent(fault -> {
          System.err.println(fault);
          System.exit(START_FAILED);
        });
    SpringApplication application = new SpringApplication(LimiterServiceApplication.class);
    if ("json".equalsIgnoreCase(environment.get("LOG_FORMAT"))) {
      application.setDefaultProperties(Map.of("logging.structured.format.console", "logstash"));
    }
    try {
      application.run(args);
    } catch (RuntimeException e) {
      // Spring has logged the cause; threads that were started would keep the process alive.
      System.exit(START_FAILED);
    }
  }

  /** The service's clock; consumption is counted by the store's clock. */
  @Bean
  InstantSource clock() {
    return InstantSource.system();
  }
}
