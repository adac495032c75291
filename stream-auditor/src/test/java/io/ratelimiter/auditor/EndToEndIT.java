package io.ratelimiter.auditor;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.ratelimiter.localstack.KafkaServer;
import io.ratelimiter.localstack.PostgresServer;
import io.ratelimiter.localstack.junit.LocalStack;
import io.ratelimiter.localstack.junit.PrivateServers;
import io.ratelimiter.schemas.AuditWriter;
import io.ratelimiter.schemas.EventSchemas;
import io.ratelimiter.schemas.MinuteRow;
import io.ratelimiter.schemas.MinuteRow.Dimensions;
import io.ratelimiter.schemas.MinuteRow.Figures;
import io.ratelimiter.schemas.Topics;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
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
    try (RunningAuditor auditor = start(kafka, sql, state);
        Publisher publisher = new Publisher(kafka.bootstrapServers(), "one", "a", PARTITIONS)) {
      await()
          .atMost(Duration.ofSeconds(60))
          .untilAsserted(() -> assertThat(auditor.get("/health")).contains("\"healthy\""));

      for (int i = 0; i < 25; i++) {
        publisher.send(
            i < 20 ? Decisions.allowed("api_client", now) : Decisions.blocked("api_client", now));
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
  void fiftyThousandDecisionsStandInTheTablesRowByRow(
      PostgresServer postgres, PrivateServers servers, @TempDir Path state) throws Exception {
    KafkaServer kafka = servers.kafka();
    Sql sql = new Sql(postgres.createDatabase("fifty_thousand"));
    Publisher.createTopic(kafka.bootstrapServers(), PARTITIONS);
    Truth truth = new Truth();
    Traffic traffic = new Traffic(7, truth, Instant.now().toEpochMilli() * 1_000, 2_000);
    try (Publisher one = new Publisher(kafka.bootstrapServers(), "one", "a", PARTITIONS);
        Publisher two = new Publisher(kafka.bootstrapServers(), "two", "a", PARTITIONS);
        RunningAuditor _ = start(kafka, sql, state)) {
      traffic.send(50_000, List.of(one, two));
      one.sendLedgers(true);
      two.sendLedgers(false);
      one.flush();
      two.flush();

      await().atMost(Duration.ofSeconds(90)).until(() -> isMigrated(sql) && truth.isWhole(sql));
      await()
          .atMost(Duration.ofSeconds(20))
          .untilAsserted(() -> truth.mustStandWithDuplicatesIn(sql));
      mustBeValid(Topics.BLOCK_RATES, "block-rate.v1", kafka);
      mustBeValid(Topics.COMPLETENESS, "series-report.v1", kafka);
    }
  }

  private static void mustBeValid(String topic, String schema, KafkaServer kafka) {
    EventSchemas schemas = new EventSchemas();
    var records = TopicReader.all(kafka.bootstrapServers(), topic);
    assertThat(records)
        .hasSizeGreaterThan(PARTITIONS)
        .allSatisfy(record -> assertThat(schemas.faults(schema, record.value())).isEmpty());
  }

  @Test
  void whatCannotBeReadGoesToTheDeadLettersWithItsReasonAndHoldsNothingUp(
      PostgresServer postgres, PrivateServers servers, @TempDir Path state) throws Exception {
    KafkaServer kafka = servers.kafka();
    Sql sql = new Sql(postgres.createDatabase("poison"));
    Publisher.createTopic(kafka.bootstrapServers(), PARTITIONS);
    byte[] key = "default/poisoner".getBytes(UTF_8);
    try (RunningAuditor auditor = start(kafka, sql, state);
        Publisher publisher = new Publisher(kafka.bootstrapServers(), "one", "a", PARTITIONS)) {
      for (int partition = 0; partition < PARTITIONS; partition++) {
        publisher.send(partition, key, "decision.v1", "{\"schema_version\":1".getBytes(UTF_8));
        publisher.send(partition, key, "decision.v9", "{}".getBytes(UTF_8));
        publisher.send(partition, key, "decision.v1", "{\"schema_version\":2}".getBytes(UTF_8));
        publisher.send(partition, key, "decision.v1", null);
        publisher.send(partition, key, "ledger.v1", new byte[1_040_000]);
      }
      sendRecordsThatTheAuditorRefuses(kafka, publisher);
      for (int i = 0; i < 100; i++) {
        publisher.send(Decisions.allowed("client-" + i, Instant.now().toEpochMilli() * 1_000));
      }
      publisher.flush();

      await()
          .atMost(Duration.ofSeconds(60))
          .ignoreExceptions()
          .until(() -> Truth.counted(sql) == 101);
      await()
          .atMost(Duration.ofSeconds(30))
          .untilAsserted(() ->
              assertThat(auditor.get("/metrics"))
                  .contains("auditor_lag_records{stage=\"topology\"} 0.0")
                  .contains("auditor_lag_records{stage=\"store\"} 0.0")
                  .contains("auditor_dlq_total " + (5.0 * PARTITIONS + OTHER_POISON)));
      assertThat(auditor.get("/health"))
          .contains("\"status\":\"healthy\"", "\"replaced_threads\":0")
          .contains("\"dead_letters\":{\"count\":" + (5 * PARTITIONS + OTHER_POISON));
      assertThat(sql.one("SELECT issued, received, duplicate, lost FROM audit.audit_completeness"))
          .isEqualTo("101|101|0|0");
    }
    var dead = TopicReader.all(kafka.bootstrapServers(), Topics.DEAD_LETTERS);
    assertThat(dead).hasSize(5 * PARTITIONS + OTHER_POISON);
    assertThat(dead.stream().filter(record -> !Arrays.equals(record.key(), key)))
        .extracting(EndToEndIT::reason)
        .satisfiesExactlyInAnyOrder(
            reason -> assertThat(reason).startsWith("client_id has 40000 bytes"),
            reason -> assertThat(reason).startsWith("client_id has 3000 bytes"),
            reason -> assertThat(reason).startsWith("client_id holds a NUL character"),
            reason -> assertThat(reason).startsWith("seq is 9223372036854775807"),
            reason -> assertThat(reason).startsWith("seq is 9223372036854775807"),
            reason -> assertThat(reason).matches("partition is \\d in the value, .*"),
            reason -> assertThat(reason).contains("Invalid UTF-8"),
            reason -> assertThat(reason).startsWith("value is not JSON"),
            reason -> assertThat(reason).startsWith("client_id has 3000 bytes"),
            reason -> assertThat(reason).startsWith("schema_version is missing"));
    assertThat(
            dead.stream()
                .filter(record -> Arrays.equals(record.key(), key))
                .map(EndToEndIT::reason)
                .distinct())
        .satisfiesExactlyInAnyOrder(
            reason -> assertThat(reason).contains("Unexpected end-of-input"),
            reason -> assertThat(reason).isEqualTo("ce_type is unknown: decision.v9"),
            reason -> assertThat(reason).isEqualTo("schema_version is 2, known is 1"),
            reason -> assertThat(reason).isEqualTo("value is null"),
            reason -> assertThat(reason).contains("Illegal character"));
  }

  /** Records that are events but break a bound or are misplaced. */
  private static final int OTHER_POISON = 10;

  private static void sendRecordsThatTheAuditorRefuses(KafkaServer kafka, Publisher publisher) {
    long now = Instant.now().toEpochMilli() * 1_000;
    publisher.sendAs(Decisions.allowed("x".repeat(40_000), now), 1);
    publisher.sendAs(Decisions.allowed("x".repeat(3_000), now), 1);
    publisher.sendAs(Decisions.allowed("nul\0", now), 1);
    publisher.sendAs(Decisions.allowed("c", now), Long.MAX_VALUE);
    publisher.sendAs(Decisions.allowed("d", now), Long.MAX_VALUE);
    Decisions twice = Decisions.allowed("twice", now);
    publisher.send(twice);
    publisher.sendElsewhere(twice);
    byte[] latin1 = "{\"schema_version\":1,\"client_id\":\"\u00e9\"}".getBytes(ISO_8859_1);
    publisher.send(0, "latin1".getBytes(UTF_8), "decision.v1", latin1);
    MinuteRow wide =
        new MinuteRow(
            new Dimensions(now / 60_000_000 * 60, "t", "x".repeat(3_000), "k", "r", "a"),
            new Figures(1L, 0, 0, 0, 0, 0, 0, 1L, 0, 1, 1, now, now, null),
            0,
            1,
            1);
    try (var huge =
        new KafkaProducer<>(
            Map.of(
                "bootstrap.servers",
                kafka.bootstrapServers(),
                "compression.type",
                "lz4",
                "max.request.size",
                64 << 20,
                "buffer.memory",
                64 << 20),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      var bomb = new ProducerRecord<>(Topics.DECISIONS, 0, new byte[] {1}, new byte[20 << 20]);
      bomb.headers().add("ce_type", "decision.v1".getBytes(UTF_8));
      huge.send(bomb);
      huge.send(
          new ProducerRecord<>(
              Topics.BLOCK_RATES, 1, new byte[] {1}, new AuditWriter().value(wide)));
      huge.send(new ProducerRecord<>(Topics.COMPLETENESS, 2, new byte[] {1}, "{}".getBytes(UTF_8)));
    }
  }

  private static String reason(ConsumerRecord<byte[], byte[]> record) {
    return new String(record.headers().lastHeader("__streams.errors.message").value(), UTF_8);
  }

  @Test
  void itStartsBeforeKafkaAndPostgresAndSaysWhatItWaitsFor(
      PrivateServers servers, @TempDir Path state) throws Exception {
    KafkaServer kafka = servers.kafka();
    PostgresServer postgres = servers.postgres();
    Sql sql = new Sql(postgres.jdbcUrl());
    kafka.stop();
    postgres.stop();
    try (RunningAuditor auditor = start(kafka, sql, state)) {
      assertThat(auditor.get("/health"))
          .contains("\"degraded\"", "\"kafka_available\":false", "\"postgres_available\":false")
          .contains("\"state\":\"WAITING\"");

      kafka.start();
      await()
          .atMost(Duration.ofSeconds(60))
          .untilAsserted(() -> assertThat(auditor.get("/health")).contains("\"RUNNING\""));
      try (Publisher publisher = new Publisher(kafka.bootstrapServers(), "one", "a", PARTITIONS)) {
        publisher.send(Decisions.allowed("c", Instant.now().toEpochMilli() * 1_000));
        publisher.sendLedgers(false);
      }
      postgres.start();

      await()
          .atMost(Duration.ofSeconds(60))
          .untilAsserted(() -> assertThat(auditor.get("/health")).contains("\"healthy\""));
      await()
          .atMost(Duration.ofSeconds(20))
          .untilAsserted(() -> assertThat(Truth.counted(sql)).isEqualTo(1));
    }
  }

  @Test
  @Tag("faults")
  void aNameOfKafkaThatDoesNotResolveYetIsWaitedFor(PrivateServers servers, @TempDir Path folder)
      throws Exception {
    KafkaServer kafka = servers.kafka();
    Sql sql = new Sql(servers.postgres().jdbcUrl());
    Path names = Files.writeString(folder.resolve("hosts"), "127.0.0.1 localhost\n");
    Path said = Path.of("target", "auditor-names.log");
    Files.deleteIfExists(said);
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
          .untilAsserted(() -> assertThat(said).content().contains("Waiting for Kafka"));
      assertThat(auditor.isAlive()).isTrue();

      Files.writeString(names, "127.0.0.1 localhost kafka.test\n");
      Publisher.createTopic(kafka.bootstrapServers(), PARTITIONS);
      try (Publisher publisher = new Publisher(kafka.bootstrapServers(), "one", "a", PARTITIONS)) {
        publisher.send(Decisions.allowed("c", Instant.now().toEpochMilli() * 1_000));
        publisher.sendLedgers(false);
      }
      await()
          .atMost(Duration.ofSeconds(60))
          .ignoreExceptions()
          .untilAsserted(() -> assertThat(Truth.counted(sql)).isEqualTo(1));
    }
  }

  private static boolean isMigrated(Sql sql) {
    return sql.one("SELECT to_regclass('audit.audit_completeness') IS NOT NULL").equals("t");
  }

  private static RunningAuditor start(KafkaServer kafka, Sql sql, Path state) {
    return RunningAuditor.start(
        state,
        Map.of(
            "KAFKA_BOOTSTRAP_SERVERS", kafka.bootstrapServers(),
            "DATABASE_URL", sql.jdbcUrl(),
            "DECISIONS_PARTITIONS", String.valueOf(PARTITIONS)));
  }
}
