package io.ratelimiter.auditor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.ratelimiter.localstack.KafkaServer;
import io.ratelimiter.localstack.PostgresServer;
import io.ratelimiter.localstack.junit.LocalStack;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A database whose encoding lacks characters of clients' names. */
@LocalStack
class EncodingIT {

  private static final String LINE =
      "DATABASE_URL must name a database whose encoding is UTF8, not LATIN1";

  @Test
  void theStartEndsWithOneLine(PostgresServer postgres, @TempDir Path folder) throws Exception {
    Path log = Path.of("target", "auditor-latin1.log");
    Files.deleteIfExists(log);
    try (AuditorProcess auditor =
        AuditorProcess.start(
            folder,
            "latin1",
            Map.of(
                "KAFKA_BOOTSTRAP_SERVERS",
                "localhost:1",
                "DATABASE_URL",
                postgres.createDatabase("latin1_auditor", "LATIN1")))) {
      await().atMost(Duration.ofSeconds(60)).until(() -> !auditor.isAlive());
    }
    assertThat(Files.readAllLines(log))
        .containsExactly(LINE + ": CREATE DATABASE … ENCODING 'UTF8' TEMPLATE template0");
  }

  @Test
  void afterTheStartHealthReportsItAndNothingIsWritten(
      KafkaServer kafka, PostgresServer postgres, @TempDir Path folder) {
    String url = postgres.createDatabase("latin1_later", "LATIN1");
    try (RunningAuditor auditor =
        RunningAuditor.start(
            folder,
            Map.of("KAFKA_BOOTSTRAP_SERVERS", kafka.bootstrapServers(), "DATABASE_URL", url))) {
      await()
          .atMost(Duration.ofSeconds(60))
          .untilAsserted(() ->
              assertThat(auditor.get("/health"))
                  .contains("\"status\":\"degraded\"")
                  .contains("\"postgres_available\":false")
                  .contains(LINE));
    }
    assertThat(new Sql(url).rows("SELECT nspname FROM pg_namespace WHERE nspname = 'audit'"))
        .isEmpty();
  }
}
