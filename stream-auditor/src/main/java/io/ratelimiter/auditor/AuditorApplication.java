package io.ratelimiter.auditor;

import io.ratelimiter.auditor.ops.OpsConfiguration;
import io.ratelimiter.auditor.ops.SettingsCheck;
import io.ratelimiter.auditor.store.StoreConfiguration;
import io.ratelimiter.auditor.streams.StreamsConfiguration;
import io.ratelimiter.runtime.DatabaseSession;
import io.ratelimiter.runtime.PortCheck;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.context.annotation.Import;

/** The auditor's process. */
@SpringBootConfiguration
@EnableAutoConfiguration(exclude = DataSourceAutoConfiguration.class)
@Import({OpsConfiguration.class, StreamsConfiguration.class, StoreConfiguration.class})
public class AuditorApplication {

  /** Starts the auditor; a fault of the environment ends the process with one line. */
  public static void main(String[] args) {
    // Machine-readable output must not depend on the user's language.
    Locale.setDefault(Locale.ENGLISH);
    Map<String, String> environment = System.getenv();
    SettingsCheck.fault(environment)
        .or(() ->
            PortCheck.fault(
                "AUDITOR_PORT",
                environment.getOrDefault("AUDITOR_PORT", "8010"),
                environment.getOrDefault("BIND_ADDRESS", "0.0.0.0")))
        .or(() -> DatabaseSession.fault(environment.getOrDefault("DATABASE_URL", "")))
        .ifPresent(fault -> {
          System.err.println(fault);
          System.exit(1);
        });
    application(environment).run(args);
  }

  /** The application with the settings of this environment, not started. */
  static SpringApplication application(Map<String, String> environment) {
    SpringApplication application = new SpringApplication(AuditorApplication.class);
    Map<String, Object> defaults = new HashMap<>();
    if ("json".equalsIgnoreCase(environment.get("LOG_FORMAT"))) {
      defaults.put("logging.structured.format.console", "logstash");
    }
    application.setDefaultProperties(defaults);
    return application;
  }
}
