package io.ratelimiter.auditor;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.ratelimiter.localstack.KafkaServer;
import io.ratelimiter.localstack.PostgresServer;
import io.ratelimiter.localstack.junit.LocalStack;
import io.ratelimiter.localstack.junit.PrivateServers;
import io.ratelimiter.schemas.audit.AuditRow;
import io.ratelimiter.schemas.audit.AuditWriter;
import io.ratelimiter.schemas.audit.Dimensions;
import io.ratelimiter.schemas.audit.Figure;
import io.ratelimiter.schemas.audit.Figures;
import io.ratelimiter.schemas.audit.Kind;
import io.ratelimiter.schemas.topics.Topics;
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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Records that the auditor refuses, on its input topic and on its own topics. */
@LocalStack
class DeadLettersIT {

  private static final int PARTITIONS = 3;

  /** Records that are out of bounds, misplaced, or on the auditor's own topics. */
  private static final int OTHER_POISON = 10;

  @Test
  void refusedRecordsBecomeDeadLettersWithTheirReasonAndDelayNothing(
      PostgresServer postgres, PrivateServers servers, @TempDir Path state) throws Exception {
    KafkaServer kafka = servers.kafka();
    Sql sql = new Sql(postgres.createDatabase("poison"));
    Publisher.createTopic(kafka.bootstrapServers(), PARTITIONS);
    byte[] key = "default/poisoner".getBytes(UTF_8);
    try (RunningAuditor auditor = RunningAuditor.start(state, kafka, sql.jdbcUrl(), PARTITIONS);
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
        publisher.send(TestDecision.allowed("client-" + i, Instant.now().toEpochMilli() * 1_000));
      }
      publisher.flush();

      await()
          .atMost(Duration.ofSeconds(60))
          .ignoreExceptions()
          .until(() -> ExpectedTables.counted(sql) == 101);
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
        .extracting(DeadLettersIT::reason)
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
                .map(DeadLettersIT::reason)
                .distinct())
        .satisfiesExactlyInAnyOrder(
            reason -> assertThat(reason).contains("Unexpected end-of-input"),
            reason -> assertThat(reason).isEqualTo("ce_type is unknown: decision.v9"),
            reason -> assertThat(reason).isEqualTo("schema_version is 2, known is 1"),
            reason -> assertThat(reason).isEqualTo("value is null"),
            reason -> assertThat(reason).contains("Illegal character"));
  }

  private static void sendRecordsThatTheAuditorRefuses(KafkaServer kafka, Publisher publisher) {
    long now = Instant.now().toEpochMilli() * 1_000;
    publisher.sendAs(TestDecision.allowed("x".repeat(40_000), now), 1);
    publisher.sendAs(TestDecision.allowed("x".repeat(3_000), now), 1);
    publisher.sendAs(TestDecision.allowed("nul\0", now), 1);
    publisher.sendAs(TestDecision.allowed("c", now), Long.MAX_VALUE);
    publisher.sendAs(TestDecision.allowed("d", now), Long.MAX_VALUE);
    TestDecision twice = TestDecision.allowed("twice", now);
    publisher.send(twice);
    publisher.sendElsewhere(twice);
    byte[] latin1 = "{\"schema_version\":1,\"client_id\":\"\u00e9\"}".getBytes(ISO_8859_1);
    publisher.send(0, "latin1".getBytes(UTF_8), "decision.v1", latin1);
    AuditRow wide =
        new AuditRow(
            Dimensions.of(
                Kind.CLIENT, now / 60_000_000 * 60, 0, "", "t", "x".repeat(3_000), "k", "r", "a"),
            Figures.of(
                Map.of(
                    Figure.ALLOWED_COUNT, 1L,
                    Figure.FIRST_EVENT_US, now,
                    Figure.LAST_EVENT_US, now)),
            null,
            List.of(),
            Topics.DECISIONS,
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
}
