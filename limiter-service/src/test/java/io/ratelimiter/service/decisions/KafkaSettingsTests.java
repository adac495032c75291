package io.ratelimiter.service.decisions;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;

class KafkaSettingsTests {

  @Test
  void whatTheOperatorSetsWinsButForThePromisesOfTheStream() {
    KafkaSettings settings =
        new KafkaSettings(
            "kafka:9092",
            Duration.ofSeconds(10),
            Map.of("linger.ms", "50", "acks", "0", "security.protocol", "SSL"));

    assertThat(settings.producer())
        .containsEntry("linger.ms", "50")
        .containsEntry("security.protocol", "SSL")
        .containsEntry("acks", "all")
        .containsEntry("enable.idempotence", true)
        .containsEntry("max.block.ms", 0)
        .containsEntry("delivery.timeout.ms", 10_000)
        .containsEntry("request.timeout.ms", 5_000)
        .containsEntry("compression.type", "lz4");
    assertThat(settings.admin())
        .containsEntry("security.protocol", "SSL")
        .containsEntry("bootstrap.servers", "kafka:9092")
        .doesNotContainKey("linger.ms");
  }

  @Test
  void variablesArePassedThroughByKafkasOwnNames() {
    StandardEnvironment environment = new StandardEnvironment();
    environment
        .getPropertySources()
        .addFirst(
            new SystemEnvironmentPropertySource(
                StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME,
                Map.of(
                    "KAFKA_CLIENT_SECURITY_PROTOCOL", "SASL_SSL",
                    "KAFKA_CLIENT_SASL_JAAS_CONFIG", "module required user=\"u\";")));

    assertThat(DecisionsConfiguration.kafkaSettings(environment))
        .containsEntry("security.protocol", "SASL_SSL")
        .containsEntry("sasl.jaas.config", "module required user=\"u\";");
  }
}
