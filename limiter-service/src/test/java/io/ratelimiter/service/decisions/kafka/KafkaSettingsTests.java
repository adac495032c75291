package io.ratelimiter.service.decisions.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.ratelimiter.service.decisions.DecisionsConfiguration;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;

class KafkaSettingsTests {

  @Test
  void theOperatorsSettingsWinExceptForThoseTheStreamDependsOn() {
    KafkaSettings settings =
        new KafkaSettings(
            "kafka:9092",
            "decisions",
            Duration.ofSeconds(10),
            Map.of("linger.ms", "50", "acks", "0", "security.protocol", "SSL"));

    assertThat(settings.producer())
        .containsEntry("linger.ms", "50")
        .containsEntry("security.protocol", "SSL")
        .containsEntry("acks", "all")
        .containsEntry("enable.idempotence", true)
        .containsEntry("max.block.ms", 0)
        .containsEntry("delivery.timeout.ms", 10_000)
        .containsEntry("request.timeout.ms", 5_000);
    assertThat(settings.admin())
        .containsEntry("security.protocol", "SSL")
        .containsEntry("bootstrap.servers", "kafka:9092")
        .doesNotContainKey("linger.ms");
  }

  @ParameterizedTest
  @CsvSource({
    "'', lz4",
    "gzip, gzip",
    "NONE, none",
    "snappy, snappy",
    "zstd, zstd",
    "gzip:lz4, lz4"
  })
  void theProducerUsesTheConfiguredCompression(String configured, String expected) {
    Map<String, Object> variables = new HashMap<>();
    String[] parts = configured.split(":");
    if (!configured.isEmpty()) {
      variables.put("decisions.compression", parts[0]);
    }
    if (parts.length > 1) {
      variables.put("KAFKA_CLIENT_COMPRESSION_TYPE", parts[1]);
    }

    KafkaSettings settings =
        new KafkaSettings(
            "kafka:9092",
            "decisions",
            Duration.ofSeconds(10),
            DecisionsConfiguration.passedThrough(environment(variables)));

    assertThat(settings.producer()).containsEntry("compression.type", expected);
    assertThat(settings.admin()).doesNotContainKey("compression.type");
    assertThat(new ProducerConfig(settings.producer()).getString("compression.type"))
        .isEqualTo(expected);
  }

  private static StandardEnvironment environment(Map<String, Object> variables) {
    StandardEnvironment environment = new StandardEnvironment();
    environment
        .getPropertySources()
        .addFirst(
            new SystemEnvironmentPropertySource(
                StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME, variables));
    return environment;
  }

  @Test
  void variablesArePassedThroughByKafkasOwnNames() {
    StandardEnvironment environment =
        environment(
            Map.of(
                "KAFKA_CLIENT_SECURITY_PROTOCOL", "SASL_SSL",
                "KAFKA_CLIENT_SASL_JAAS_CONFIG", "module required user=\"u\";"));

    assertThat(DecisionsConfiguration.passedThrough(environment))
        .containsEntry("security.protocol", "SASL_SSL")
        .containsEntry("sasl.jaas.config", "module required user=\"u\";");
  }
}
