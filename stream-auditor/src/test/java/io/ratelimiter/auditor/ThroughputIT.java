package io.ratelimiter.auditor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.ratelimiter.localstack.KafkaServer;
import io.ratelimiter.localstack.PostgresServer;
import io.ratelimiter.localstack.junit.LocalStack;
import io.ratelimiter.localstack.junit.PrivateServers;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Catches up a topic that was full before the auditor came, and prints how fast. */
@Tag("faults")
@LocalStack
class ThroughputIT {

  private static final int PARTITIONS = 12;

  @ParameterizedTest(name = "{0} decisions of {1} clients, detail {2}")
  @CsvSource({"1000000, 10000, all", "1000000, 1000000, all", "1000000, 1000000, blocked"})
  void aFullTopicIsCaughtUp(
      int decisions,
      int clients,
      String detail,
      PostgresServer postgres,
      PrivateServers servers,
      @TempDir Path folder)
      throws Exception {
    KafkaServer kafka = servers.kafka();
    Sql sql = new Sql(postgres.createDatabase("throughput_" + clients + "_" + detail));
    Publisher.createTopic(kafka.bootstrapServers(), PARTITIONS);
    long now = Instant.now().toEpochMilli() * 1_000;
    try (Publisher publisher = new Publisher(kafka.bootstrapServers(), "one", "a", PARTITIONS)) {
      for (int i = 0; i < decisions; i++) {
        publisher.send(Decisions.allowed("client-" + i % clients, now).withLatency(100 + i % 900));
      }
      publisher.sendLedgers(true);
    }
    Map<String, String> environment =
        Map.of(
            "KAFKA_BOOTSTRAP_SERVERS", kafka.bootstrapServers(),
            "DATABASE_URL", sql.jdbcUrl(),
            "AUDIT_CLIENT_DETAIL", detail);
    try (AuditorProcess auditor = AuditorProcess.start(folder, "auditor", environment)) {
      await()
          .atMost(Duration.ofSeconds(60))
          .pollInterval(Duration.ofMillis(100))
          .until(() -> isMigrated(sql) && Truth.counted(sql) > 0);
      long beginNanos = System.nanoTime();
      Duration beginCpu = auditor.cpu();
      long begin = Truth.counted(sql);
      await()
          .atMost(Duration.ofSeconds(300))
          .pollInterval(Duration.ofMillis(250))
          .until(() -> Truth.counted(sql) == decisions);
      double seconds = (System.nanoTime() - beginNanos) / 1e9;
      double cpuMicros = auditor.cpu().minus(beginCpu).toNanos() / 1e3 / (decisions - begin);
      System.out.printf(
          "throughput: %d decisions of %d clients, detail %s: %.0f decisions/s, %.1f us CPU each, %d MB resident%n",
          decisions,
          clients,
          detail,
          (decisions - begin) / seconds,
          cpuMicros,
          auditor.residentMegabytes());
    }
    assertThat(sql.one("SELECT sum(allowed_count) FROM audit.rate_limit_totals"))
        .isEqualTo(String.valueOf(decisions));
  }

  private static boolean isMigrated(Sql sql) {
    return sql.one("SELECT to_regclass('audit.audit_completeness') IS NOT NULL").equals("t");
  }
}
