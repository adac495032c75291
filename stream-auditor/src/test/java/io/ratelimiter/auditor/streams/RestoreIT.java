package io.ratelimiter.auditor.streams;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.ratelimiter.auditor.Publisher;
import io.ratelimiter.auditor.Report;
import io.ratelimiter.auditor.TestDecision;
import io.ratelimiter.auditor.TopicReader;
import io.ratelimiter.localstack.KafkaServer;
import io.ratelimiter.localstack.junit.LocalStack;
import io.ratelimiter.localstack.junit.PrivateServers;
import io.ratelimiter.schemas.topics.TopicSpec;
import io.ratelimiter.schemas.topics.Topics;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An hour of clients' rows, each of one decision: what a lost state reads to be restored. */
@Tag("faults")
@LocalStack
class RestoreIT {

  private static final int PARTITIONS = 2;
  private static final int MINUTES = 60;
  private static final int ROWS_PER_MINUTE = Integer.getInteger("audit.rows", 5_000);
  private static final String CHANGELOG = "ratelimiter-auditor-g1-minutes-changelog";
  private static final Duration PATIENCE = Duration.ofMinutes(5);

  private static final Report REPORT =
      new Report(
          "restore-report.md",
          """
          # Restoring a lost state

          | rows counted | in the changelog: rows, deletions | restored in s | records/s |
          |---|---|---|---|
          """);

  @TempDir private Path folder;

  @Test
  void rowsThatLeftTheStateAreNotRestored(PrivateServers servers) throws Exception {
    KafkaServer kafka = servers.kafka(Map.of("log.cleaner.backoff.ms", "1000"));
    publish(kafka);
    AuditStreams first = audit(kafka, "first");
    first.start();
    try {
      awaitSmallSegments(kafka);
      await()
          .atMost(PATIENCE)
          .pollInterval(Duration.ofSeconds(1))
          // At first there is no such group.
          .ignoreExceptionsInstanceOf(ExecutionException.class)
          .until(() -> committed(kafka) == rows());
    } finally {
      first.stop();
    }
    await()
        .atMost(PATIENCE)
        .pollInterval(Duration.ofSeconds(2))
        .untilAsserted(() -> assertThat(rows(changelog(kafka))).isLessThan(rows() / 2));
    restore(kafka);
  }

  private void restore(KafkaServer kafka) {
    List<ConsumerRecord<byte[], byte[]>> records = changelog(kafka);
    long deletions = records.size() - rows(records);
    AuditStreams next = audit(kafka, "next");
    long begin = System.nanoTime();
    next.start();
    try {
      await()
          .atMost(PATIENCE)
          .pollInterval(Duration.ofMillis(50))
          .until(() -> next.state().equals("RUNNING"));
    } finally {
      next.stop();
    }
    double seconds = (System.nanoTime() - begin) / 1e9;
    REPORT.line(
        "| %,d | %,d, %,d | %.1f | %,.0f |",
        rows(), records.size() - deletions, deletions, seconds, records.size() / seconds);
  }

  /**
   * Of all rows eleven minutes stay, and what is not compacted yet: with small segments, little.
   */
  private static void awaitSmallSegments(KafkaServer kafka) {
    AlterConfigOp small =
        new AlterConfigOp(new ConfigEntry("segment.bytes", "1048576"), AlterConfigOp.OpType.SET);
    ConfigResource topic = new ConfigResource(ConfigResource.Type.TOPIC, CHANGELOG);
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
      await()
          .atMost(PATIENCE)
          // At first there is no such topic.
          .ignoreExceptionsInstanceOf(ExecutionException.class)
          .until(() ->
              admin.incrementalAlterConfigs(Map.of(topic, List.of(small))).all().get() == null);
    }
  }

  private static long rows(List<ConsumerRecord<byte[], byte[]>> records) {
    return records.stream().filter(record -> record.value() != null).count();
  }

  /** Records of the decisions topic that are counted. */
  private static long committed(KafkaServer kafka) throws Exception {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
      return admin
          .listConsumerGroupOffsets("ratelimiter-auditor-g1")
          .partitionsToOffsetAndMetadata()
          .get()
          .values()
          .stream()
          .mapToLong(OffsetAndMetadata::offset)
          .sum();
    }
  }

  private static int rows() {
    return MINUTES * ROWS_PER_MINUTE;
  }

  private static List<ConsumerRecord<byte[], byte[]>> changelog(KafkaServer kafka) {
    return TopicReader.all(kafka.bootstrapServers(), CHANGELOG);
  }

  private AuditStreams audit(KafkaServer kafka, String state) {
    return AuditStreamsIT.audit(
        kafka, "classic", new FailingCounts(0), folder.resolve(state), Map.of());
  }

  /** With the publisher's append times, which advance by an hour in seconds. */
  private static void publish(KafkaServer kafka) throws Exception {
    Map<String, String> config = new HashMap<>(Topics.decisions(PARTITIONS).config());
    config.put("message.timestamp.type", "CreateTime");
    TopicSpec topic = new TopicSpec(Topics.DECISIONS, PARTITIONS, config);
    Publisher.createTopic(kafka.bootstrapServers(), topic);
    long begin = Instant.now().minus(Duration.ofMinutes(MINUTES)).toEpochMilli();
    try (Publisher one = new Publisher(kafka.bootstrapServers(), topic, "one", "a")) {
      for (int i = 0; i < rows(); i++) {
        long at = begin + Duration.ofMinutes(i / ROWS_PER_MINUTE).toMillis();
        one.appendAt(at);
        one.send(TestDecision.allowed("client-" + i % ROWS_PER_MINUTE, at * 1_000));
      }
    }
  }
}
