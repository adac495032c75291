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
import io.ratelimiter.service.rules.RulesConfiguration;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;

/** The service. Each feature's configuration is listed here, and nothing is found by scanning. */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
@Import({
  FrontDoorConfiguration.class,
  MvcConfiguration.class,
  AdminRulesConfiguration.class,
  CheckConfiguration.class,
  RulesConfiguration.class,
  LimiterConfiguration.class,
  DecisionsConfiguration.class,
  AnalyticsConfiguration.class,
  PageConfiguration.class,
  OpsConfiguration.class
})
public class LimiterServiceApplication {

  private static final int BROKEN = 1;
  private static final int WRONG_ENVIRONMENT = 2;

  /** Starts the service and returns when it accepts requests; ends the process when it cannot. */
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
          System.exit(BROKEN);
        });
    SpringApplication application = new SpringApplication(LimiterServiceApplication.class);
    if ("json".equalsIgnoreCase(environment.get("LOG_FORMAT"))) {
      application.setDefaultProperties(Map.of("logging.structured.format.console", "logstash"));
    }
    try {
      application.run(args);
    } catch (RuntimeException e) {
      // Said why already; threads of what had begun would keep the process.
      System.exit(BROKEN);
    }
  }

  /** The service's clock; the store's decides consumption. */
  @Bean
  InstantSource clock() {
    return InstantSource.system();
  }
}
