package io.ratelimiter.auditor;

import io.ratelimiter.auditor.ops.OpsConfiguration;
import io.ratelimiter.auditor.ops.SettingsCheck;
import io.ratelimiter.auditor.ops.StreamsConfiguration;
import io.ratelimiter.auditor.store.StoreConfiguration;
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

/** The auditor as a process. */
@SpringBootConfiguration
@EnableAutoConfiguration(exclude = DataSourceAutoConfiguration.class)
@Import({OpsConfiguration.class, StreamsConfiguration.class, StoreConfiguration.class})
public class AuditorApplication {

  /** Starts it; a setting that cannot be read ends it with one line that says which. */
  public static void main(String[] args) {
    // Machine-readable output must not depend on the user's language.
    Locale.setDefault(Locale.ENGLISH);
    SettingsCheck.problem(System.getenv())
        .or(() ->
            PortCheck.fault(
                "AUDITOR_PORT",
                System.getenv().getOrDefault("AUDITOR_PORT", "8010"),
                System.getenv().getOrDefault("BIND_ADDRESS", "0.0.0.0")))
        .or(() -> DatabaseSession.fault(System.getenv().getOrDefault("DATABASE_URL", "")))
        .ifPresent(problem -> {
          System.err.println(problem);
          System.exit(1);
        });
    application(System.getenv()).run(args);
  }

  /** The application under this environment, not yet started. */
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
