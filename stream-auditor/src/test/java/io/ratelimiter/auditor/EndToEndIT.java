package io.ratelimiter.auditor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.ratelimiter.localstack.KafkaServer;
import io.ratelimiter.localstack.PostgresServer;
import io.ratelimiter.localstack.junit.LocalStack;
import io.ratelimiter.localstack.junit.PrivateServers;
import io.ratelimiter.schemas.EventSchemas;
import io.ratelimiter.schemas.topics.Topics;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@LocalStack
class EndToEndIT {

  private static final int PARTITIONS = 3;

  @Test
  void decisionsAreSeenInSqlWithinTenSeconds(
      PostgresServer postgres, PrivateServers servers, @TempDir Path state) throws Exception {
    KafkaServer kafka = servers.kafka();
    Sql sql = new Sql(postgres.createDatabase("end_to_end"));
    Publisher.createTopic(kafka.bootstrapServers(), PARTITIONS);
    long now = Instant.now().toEpochMilli() * 1_000;
    try (RunningAuditor auditor = RunningAuditor.start(state, kafka, sql.jdbcUrl(), PARTITIONS);
        Publisher publisher = new Publisher(kafka.bootstrapServers(), "one", "a", PARTITIONS)) {
      await()
          .atMost(Duration.ofSeconds(60))
          .untilAsserted(() -> assertThat(auditor.get("/health")).contains("\"healthy\""));

      for (int i = 0; i < 25; i++) {
        publisher.send(
            i < 20
                ? TestDecision.allowed("api_client", now)
                : TestDecision.blocked("api_client", now));
      }
      publisher.sendLedgers(false);
      publisher.flush();

      await()
          .atMost(Duration.ofSeconds(10))
          .untilAsserted(() ->
              assertThat(
                      sql.one(
                          """
                          SELECT sum(allowed_count), sum(blocked_count)
                          FROM audit.rate_limit_metrics WHERE client_id = 'api_client'
                          """))
                  .isEqualTo("20|5"));
      assertThat(
              sql.one("SELECT sum(allowed_count), sum(blocked_count) FROM audit.rate_limit_totals"))
          .isEqualTo("20|5");
      assertThat(sql.one("SELECT issued, received, lost FROM audit.audit_completeness"))
          .isEqualTo("25|25|0");
      assertThat(auditor.get("/metrics"))
          .contains("auditor_decisions_total 25.0")
          .contains("auditor_lost_total 0.0")
          .contains("auditor_lag_records{stage=\"store\"}");
    }
  }

  @Test
  void fiftyThousandDecisionsAreInTheTablesRowByRow(
      PostgresServer postgres, PrivateServers servers, @TempDir Path state) throws Exception {
    KafkaServer kafka = servers.kafka();
    Sql sql = new Sql(postgres.createDatabase("fifty_thousand"));
    Publisher.createTopic(kafka.bootstrapServers(), PARTITIONS);
    ExpectedTables expected = new ExpectedTables();
    Traffic traffic = new Traffic(7, expected, Instant.now().toEpochMilli() * 1_000, 2_000);
    try (Publisher one = new Publisher(kafka.bootstrapServers(), "one", "a", PARTITIONS);
        Publisher two = new Publisher(kafka.bootstrapServers(), "two", "a", PARTITIONS);
        RunningAuditor _ = RunningAuditor.start(state, kafka, sql.jdbcUrl(), PARTITIONS)) {
      traffic.send(50_000, List.of(one, two));
      one.sendLedgers(true);
      two.sendLedgers(false);
      one.flush();
      two.flush();

      await().atMost(Duration.ofSeconds(90)).until(() -> isMigrated(sql) && expected.isWhole(sql));
      await()
          .atMost(Duration.ofSeconds(20))
          .untilAsserted(() -> expected.assertEqualWithDuplicatesTo(sql));
      assertValid(Topics.BLOCK_RATES, "block-rate.v1", kafka);
      assertValid(Topics.COMPLETENESS, "series-report.v1", kafka);
    }
  }

  private static void assertValid(String topic, String schema, KafkaServer kafka) {
    EventSchemas schemas = new EventSchemas();
    var records = TopicReader.all(kafka.bootstrapServers(), topic);
    assertThat(records)
        .hasSizeGreaterThan(PARTITIONS)
        .allSatisfy(record -> assertThat(schemas.faults(schema, record.value())).isEmpty());
  }

  @Test
  void itStartsBeforeKafkaAndPostgresAndReportsWhatItWaitsFor(
      PrivateServers servers, @TempDir Path state) throws Exception {
    KafkaServer kafka = servers.kafka();
    PostgresServer postgres = servers.postgres();
    Sql sql = new Sql(postgres.jdbcUrl());
    kafka.stop();
    postgres.stop();
    try (RunningAuditor auditor = RunningAuditor.start(state, kafka, sql.jdbcUrl(), PARTITIONS)) {
      assertThat(auditor.get("/health"))
          .contains("\"degraded\"", "\"kafka_available\":false", "\"postgres_available\":false")
          .contains("\"state\":\"WAITING\"");

      kafka.start();
      await()
          .atMost(Duration.ofSeconds(60))
          .untilAsserted(() -> assertThat(auditor.get("/health")).contains("\"RUNNING\""));
      try (Publisher publisher = new Publisher(kafka.bootstrapServers(), "one", "a", PARTITIONS)) {
        publisher.send(TestDecision.allowed("c", Instant.now().toEpochMilli() * 1_000));
        publisher.sendLedgers(false);
      }
      postgres.start();

      await()
          .atMost(Duration.ofSeconds(60))
          .untilAsserted(() -> assertThat(auditor.get("/health")).contains("\"healthy\""));
      await()
          .atMost(Duration.ofSeconds(20))
          .untilAsserted(() -> assertThat(ExpectedTables.counted(sql)).isEqualTo(1));
    }
  }

  @Test
  @Tag("faults")
  void itWaitsForANameOfKafkaThatDoesNotResolve(PrivateServers servers, @TempDir Path folder)
      throws Exception {
    KafkaServer kafka = servers.kafka();
    Sql sql = new Sql(servers.postgres().jdbcUrl());
    Path names = Files.writeString(folder.resolve("hosts"), "127.0.0.1 localhost\n");
    Path log = Path.of("target", "auditor-names.log");
    Files.deleteIfExists(log);
    Map<String, String> environment =
        Map.of(
            "JAVA_TOOL_OPTIONS",
            "-Djdk.net.hosts.file=" + names,
            "KAFKA_BOOTSTRAP_SERVERS",
            "kafka.test:" + kafka.port(),
            "DATABASE_URL",
            sql.jdbcUrl(),
            "DECISIONS_PARTITIONS",
            String.valueOf(PARTITIONS));
    try (AuditorProcess auditor = AuditorProcess.start(folder, "names", environment)) {
      await()
          .atMost(Duration.ofSeconds(60))
          .untilAsserted(() -> assertThat(log).content().contains("Waiting for Kafka"));
      assertThat(auditor.isAlive()).isTrue();

      Files.writeString(names, "127.0.0.1 localhost kafka.test\n");
      Publisher.createTopic(kafka.bootstrapServers(), PARTITIONS);
      try (Publisher publisher = new Publisher(kafka.bootstrapServers(), "one", "a", PARTITIONS)) {
        publisher.send(TestDecision.allowed("c", Instant.now().toEpochMilli() * 1_000));
        publisher.sendLedgers(false);
      }
      await()
          .atMost(Duration.ofSeconds(60))
          .ignoreExceptions()
          .untilAsserted(() -> assertThat(ExpectedTables.counted(sql)).isEqualTo(1));
    }
  }

  private static boolean isMigrated(Sql sql) {
    return sql.one("SELECT to_regclass('audit.served_bills') IS NOT NULL").equals("t");
  }
}
