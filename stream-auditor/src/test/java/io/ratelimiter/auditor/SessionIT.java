package io.ratelimiter.auditor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.ratelimiter.localstack.KafkaServer;
import io.ratelimiter.localstack.PostgresServer;
import io.ratelimiter.localstack.junit.LocalStack;
import io.ratelimiter.localstack.junit.PrivateServers;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The process in a session with another language, and with a port that is in use. */
@LocalStack
class SessionIT {

  private static final int PARTITIONS = 3;

  @TempDir private Path folder;

  @Test
  void decisionsReachTheTablesInAPersianSession(PostgresServer postgres, PrivateServers servers)
      throws Exception {
    KafkaServer kafka = servers.kafka();
    Sql sql = new Sql(postgres.createDatabase("session_language"));
    Publisher.createTopic(kafka.bootstrapServers(), PARTITIONS);
    Map<String, String> environment =
        Map.of(
            "JAVA_TOOL_OPTIONS",
            "-Duser.language=fa -Duser.country=IR",
            "KAFKA_BOOTSTRAP_SERVERS",
            kafka.bootstrapServers(),
            "DATABASE_URL",
            sql.jdbcUrl(),
            "DECISIONS_PARTITIONS",
            String.valueOf(PARTITIONS),
            "AUDIT_CLIENT_DETAIL",
            "All",
            "AUDIT_GROUP_PROTOCOL",
            "CLASSIC");
    try (AuditorProcess auditor = AuditorProcess.start(folder, "language", environment);
        Publisher publisher = new Publisher(kafka.bootstrapServers(), "one", "a", PARTITIONS)) {
      publisher.send(TestDecision.allowed("c", Instant.now().toEpochMilli() * 1_000));
      publisher.sendLedgers(false);
      publisher.flush();
      await()
          .atMost(Duration.ofSeconds(60))
          .ignoreExceptions()
          .untilAsserted(() -> assertThat(ExpectedTables.counted(sql)).isEqualTo(1));
      assertThat(auditor.isAlive()).isTrue();
    }
  }

  @Test
  void aPortInUseEndsTheStartWithOneLineThatNamesPortAndVariable() throws Exception {
    Path log = Path.of("target", "auditor-port.log");
    Files.deleteIfExists(log);
    try (ServerSocket other = new ServerSocket(0)) {
      String port = String.valueOf(other.getLocalPort());
      Map<String, String> environment =
          Map.of("KAFKA_BOOTSTRAP_SERVERS", "localhost:9", "AUDITOR_PORT", port);
      try (AuditorProcess auditor = AuditorProcess.start(folder, "port", environment)) {
        assertThat(auditor.exitCode()).isEqualTo(1);
      }
      assertThat(log)
          .content()
          .isEqualTo(
              "AUDITOR_PORT "
                  + port
                  + " cannot be listened on at BIND_ADDRESS 0.0.0.0: Address already in use\n");
    }
  }
}
