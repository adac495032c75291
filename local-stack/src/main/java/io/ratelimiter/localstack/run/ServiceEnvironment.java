package io.ratelimiter.localstack.run;

import io.ratelimiter.localstack.PostgresServer;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Environment variables that {@code ./run} sets for the services.
 *
 * @param caller the environment of {@code ./run}
 * @param arguments arguments of {@code ./run}
 * @param data the folder of this run's data
 */
record ServiceEnvironment(
    Map<String, String> caller,
    Arguments arguments,
    LocalPorts ports,
    Path data,
    String adminToken) {

  /** Higher than the default, because a laptop pauses at times. */
  private static final String REDIS_TIMEOUT_MS = "150";

  private static final String LOOPBACK = "127.0.0.1";
  private static final String ALL = "0.0.0.0";

  /** For limiter 1 or 2; a null value removes the variable. */
  Map<String, @Nullable String> ofLimiter(int node) {
    Map<String, @Nullable String> environment = ofBoth();
    environment.put("PORT", String.valueOf(ports.api(node)));
    environment.put("CHECK_PORT", String.valueOf(ports.check(node)));
    Path folder = data.resolve("limiter-" + node);
    if (arguments.nodes() > 1) {
      // Without Redis each limits to its share.
      environment.put("INSTANCES", String.valueOf(arguments.nodes()));
    }
    environment.put("INSTANCE_ID", orDefault("INSTANCE_ID", "limiter-" + node, node));
    environment.put("SPOOL_DIR", orDefault("SPOOL_DIR", folder.resolve("spool").toString(), node));
    environment.put(
        "SNAPSHOT_FILE",
        orDefault("SNAPSHOT_FILE", folder.resolve("rules.snapshot").toString(), node));
    return environment;
  }

  /** For the auditor. */
  Map<String, @Nullable String> ofAuditor() {
    Map<String, @Nullable String> environment = ofBoth();
    environment.put("AUDITOR_PORT", String.valueOf(ports.auditor()));
    Path state = data.resolve("auditor").resolve("state");
    environment.put("STATE_DIR", caller.getOrDefault("STATE_DIR", state.toString()));
    return environment;
  }

  private Map<String, @Nullable String> ofBoth() {
    Map<String, @Nullable String> environment = new HashMap<>();
    environment.put(
        "BIND_ADDRESS", orDefault("BIND_ADDRESS", arguments.open() ? ALL : LOOPBACK, 1));
    environment.put("REDIS_HOST", "localhost");
    environment.put("REDIS_PORT", String.valueOf(ports.redis()));
    // It would override host and port.
    environment.put("REDIS_URL", null);
    environment.put("REDIS_TIMEOUT_MS", caller.getOrDefault("REDIS_TIMEOUT_MS", REDIS_TIMEOUT_MS));
    environment.put(
        "DATABASE_URL",
        "postgresql://%1$s:%1$s@localhost:%2$d/%1$s"
            .formatted(PostgresServer.RATELIMITER, ports.postgres()));
    environment.put("KAFKA_BOOTSTRAP_SERVERS", "localhost:" + ports.kafka());
    environment.put("ADMIN_TOKEN", adminToken);
    return environment;
  }

  /** The caller's value, with the suffix {@code -2} for the second limiter, or the default. */
  private String orDefault(String variable, String defaultValue, int node) {
    String value = caller.getOrDefault(variable, "");
    if (value.isEmpty()) {
      return defaultValue;
    }
    return node == 1 ? value : value + "-" + node;
  }
}
