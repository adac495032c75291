package io.ratelimiter.localstack.run;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The OpenTelemetry agent that {@code --trace} adds to a service, configured from the product's own
 * variables. {@code OTEL_*} variables of the caller take precedence.
 *
 * @param agent the agent's jar
 * @param caller the environment of {@code ./run}
 */
record Tracing(Path agent, Map<String, String> caller) {

  /** Short, so that an absent collector delays nothing. */
  private static final String EXPORT_TIMEOUT_MS = "100";

  Tracing {
    enabled(caller);
  }

  /** Where the build puts the agent. */
  static Path agentIn(Path repository) {
    return repository.resolve("local-stack/target/agent/opentelemetry-javaagent.jar");
  }

  /** Options of the service's JVM. */
  List<String> jvmOptions() {
    return List.of("-javaagent:" + agent);
  }

  /** Variables of the agent in the service of this name. */
  Map<String, String> environment(String serviceName) {
    Map<String, String> environment = new HashMap<>();
    environment.put("OTEL_JAVAAGENT_ENABLED", enabled(caller));
    environment.put("OTEL_SERVICE_NAME", serviceName);
    environment.put(
        "OTEL_EXPORTER_OTLP_ENDPOINT",
        "http://" + orDefault("JAEGER_HOST", "localhost") + ":" + orDefault("JAEGER_PORT", "4317"));
    environment.put("OTEL_EXPORTER_OTLP_PROTOCOL", "grpc");
    environment.put("OTEL_EXPORTER_OTLP_TIMEOUT", EXPORT_TIMEOUT_MS);
    environment.put("OTEL_TRACES_EXPORTER", "otlp");
    // Metrics are Micrometer's, logs are the services' own.
    environment.put("OTEL_METRICS_EXPORTER", "none");
    environment.put("OTEL_LOGS_EXPORTER", "none");
    // The agent logs to the service's log, in its format and within its size limits.
    environment.put("OTEL_JAVAAGENT_LOGGING", "application");
    environment.keySet().removeAll(caller.keySet());
    return environment;
  }

  private static String enabled(Map<String, String> caller) {
    String value = caller.getOrDefault("JAEGER_ENABLED", "");
    return switch (value.toLowerCase(Locale.ROOT)) {
      case "", "true" -> "true";
      case "false" -> "false";
      default ->
          throw UserError.notPossible("JAEGER_ENABLED=" + value + ": allowed are true and false");
    };
  }

  /** Host and port that traces are sent to, for display. */
  String target() {
    return orDefault("JAEGER_HOST", "localhost") + ":" + orDefault("JAEGER_PORT", "4317");
  }

  private String orDefault(String variable, String defaultValue) {
    String value = caller.getOrDefault(variable, "");
    return value.isEmpty() ? defaultValue : value;
  }
}
