package io.ratelimiter.localstack.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TracingTests {

  private static Map<String, String> agent(Map<String, String> caller) {
    return new Tracing(Path.of("/agent.jar"), caller).environment("rate-limiter");
  }

  @Test
  void tracesGoToJaegerOnThisMachineByDefault() {
    assertThat(agent(Map.of()))
        .containsEntry("OTEL_JAVAAGENT_ENABLED", "true")
        .containsEntry("OTEL_SERVICE_NAME", "rate-limiter")
        .containsEntry("OTEL_EXPORTER_OTLP_ENDPOINT", "http://localhost:4317")
        .containsEntry("OTEL_EXPORTER_OTLP_PROTOCOL", "grpc")
        .containsEntry("OTEL_EXPORTER_OTLP_TIMEOUT", "100")
        .containsEntry("OTEL_METRICS_EXPORTER", "none")
        .containsEntry("OTEL_LOGS_EXPORTER", "none");
  }

  @Test
  void jaegerVariablesSetTheTargetAndDisableTracing() {
    Map<String, String> caller =
        Map.of("JAEGER_ENABLED", "false", "JAEGER_HOST", "jaeger", "JAEGER_PORT", "14317");

    assertThat(agent(caller))
        .containsEntry("OTEL_JAVAAGENT_ENABLED", "false")
        .containsEntry("OTEL_EXPORTER_OTLP_ENDPOINT", "http://jaeger:14317");
  }

  @Test
  void jaegerEnabledIgnoresCaseAndAcceptsOnlyTrueAndFalse() {
    assertThat(agent(Map.of("JAEGER_ENABLED", "False")))
        .containsEntry("OTEL_JAVAAGENT_ENABLED", "false");
    assertThatThrownBy(() -> agent(Map.of("JAEGER_ENABLED", "yes")))
        .isInstanceOf(UserError.class)
        .hasMessage("JAEGER_ENABLED=yes: allowed are true and false");
  }

  @Test
  void otelVariablesOfTheCallerTakePrecedence() {
    assertThat(agent(Map.of("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf")))
        .doesNotContainKey("OTEL_EXPORTER_OTLP_PROTOCOL");
  }

  @Test
  void theAgentIsAttachedToTheServicesJvm() {
    assertThat(new Tracing(Path.of("/agent.jar"), Map.of()).jvmOptions())
        .containsExactly("-javaagent:/agent.jar");
  }
}
