package io.ratelimiter.auditor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.ratelimiter.localstack.KafkaServer;
import io.ratelimiter.localstack.PostgresServer;
import io.ratelimiter.localstack.junit.LocalStack;
import io.ratelimiter.localstack.junit.PgBouncer;
import io.ratelimiter.localstack.junit.PrivateServers;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The tables behind a pooler that may run each transaction in another session of the server. */
@LocalStack
@Tag("full")
class PgBouncerIT {

  private static final int PARTITIONS = 3;

  @Test
  void tablesAreMigratedAndWrittenThroughAPooler(
      PostgresServer postgres, PrivateServers servers, @TempDir Path folder) throws Exception {
    KafkaServer kafka = servers.kafka();
    Sql sql = new Sql(postgres.createDatabase("pooled_audit"));
    Publisher.createTopic(kafka.bootstrapServers(), PARTITIONS);
    ExpectedTables expected = new ExpectedTables();
    Traffic traffic = new Traffic(7, expected, Instant.now().toEpochMilli() * 1_000, 500);
    try (PgBouncer pooler = PgBouncer.before(postgres, folder);
        RunningAuditor auditor =
            RunningAuditor.start(
                folder.resolve("state"), kafka, pooler.databaseUrl("pooled_audit"), PARTITIONS);
        Publisher one = new Publisher(kafka.bootstrapServers(), "one", "a", PARTITIONS)) {
      for (int batch = 0; batch < 20; batch++) {
        traffic.send(500, List.of(one));
        one.flush();
      }
      one.sendLedgers(true);
      one.flush();

      await().atMost(Duration.ofSeconds(90)).ignoreExceptions().until(() -> expected.isWhole(sql));
      await()
          .atMost(Duration.ofSeconds(30))
          .untilAsserted(() -> assertThat(auditor.get("/health")).contains("\"healthy\""));
      assertThat(auditor.get("/metrics")).contains("auditor_write_errors_total 0.0");
      assertThat(
              sql.rows("SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace"))
          .isEmpty();
    }
  }
}
