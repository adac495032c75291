package io.ratelimiter.auditor.ops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.ratelimiter.auditor.Decisions;
import io.ratelimiter.auditor.Publisher;
import io.ratelimiter.auditor.TopicReader;
import io.ratelimiter.auditor.topology.AuditCounts;
import io.ratelimiter.auditor.topology.AuditTerms.ClientDetail;
import io.ratelimiter.localstack.KafkaServer;
import io.ratelimiter.localstack.junit.LocalStack;
import io.ratelimiter.localstack.junit.PrivateServers;
import io.ratelimiter.schemas.AuditReader;
import io.ratelimiter.schemas.MinuteRow;
import io.ratelimiter.schemas.Topics;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The streams application over a real broker, without tables. */
@Tag("faults")
@LocalStack
class AuditStreamsIT {

  private static final int PARTITIONS = 2;
  private static final Duration PATIENCE = Duration.ofSeconds(120);

  @TempDir private Path state;

  @Test
  void aThreadThatDiesOfAFaultOfOursIsReplacedAndNothingIsCountedTwice(PrivateServers servers)
      throws Exception {
    KafkaServer kafka = servers.kafka();
    Faulty counts = new Faulty(3);
    AuditStreams audit = audit(kafka, "classic", counts);
    publish(kafka, 200);
    audit.start();
    try {
      // The thread's own exception is what this is about.
      await()
          .dontCatchUncaughtExceptions()
          .atMost(PATIENCE)
          .untilAsserted(() -> assertThat(allowed(kafka)).isEqualTo(200));
      assertThat(audit.replacedThreads()).isEqualTo(3);
      assertThat(audit.state()).isIn("RUNNING", "REBALANCING");
    } finally {
      audit.stop();
    }
  }

  @Test
  void theNewGroupProtocolCountsTheSame(PrivateServers servers) throws Exception {
    KafkaServer kafka = servers.kafka();
    AuditStreams audit = audit(kafka, "streams", new Faulty(0));
    publish(kafka, 200);
    audit.start();
    try {
      await().atMost(PATIENCE).untilAsserted(() -> assertThat(allowed(kafka)).isEqualTo(200));
    } finally {
      audit.stop();
    }
    publish(kafka, 100);
    AuditStreams next = audit(kafka, "streams", new Faulty(0));
    next.start();
    try {
      await().atMost(PATIENCE).untilAsserted(() -> assertThat(allowed(kafka)).isEqualTo(300));
    } finally {
      next.stop();
    }
  }

  @Test
  void whileItRestoresItsStateItReportsThatAndIsNotRunning(PrivateServers servers)
      throws Exception {
    KafkaServer kafka = servers.kafka();
    AuditStreams first = audit(kafka, "classic", new Faulty(0));
    publish(kafka, 20_000);
    first.start();
    try {
      await().atMost(PATIENCE).untilAsserted(() -> assertThat(allowed(kafka)).isEqualTo(20_000));
    } finally {
      first.stop();
    }
    Map<String, String> slowly =
        Map.of(
            "KAFKA_CLIENT_RESTORE_CONSUMER_MAX_POLL_RECORDS", "1",
            "KAFKA_CLIENT_RESTORE_CONSUMER_FETCH_MAX_BYTES", "1");
    AuditStreams next = audit(kafka, "classic", new Faulty(0), state.resolve("wiped"), slowly);
    List<String> seen = new CopyOnWriteArrayList<>();
    next.start();
    try {
      await()
          .pollInterval(Duration.ofMillis(2))
          .atMost(PATIENCE)
          .until(() -> {
            String now = next.state();
            seen.add(now + (next.isAuditing() ? " auditing" : ""));
            return now.equals("RUNNING");
          });
      assertThat(seen).contains("RESTORING").doesNotContain("REBALANCING auditing");
      assertThat(next.restoringRecords()).isZero();
    } finally {
      next.stop();
    }
  }

  @Test
  void afterItsThreadsDiedItIsPausedAndReportsTheCause(PrivateServers servers) throws Exception {
    KafkaServer kafka = servers.kafka();
    AuditStreams audit = audit(kafka, "classic", new Faulty(1_000));
    publish(kafka, 10);
    audit.start();
    try {
      await()
          .dontCatchUncaughtExceptions()
          .atMost(PATIENCE)
          .untilAsserted(() -> assertThat(audit.state()).isEqualTo("PAUSED"));
      assertThat(audit.stoppedBy()).isEqualTo("IllegalStateException: a fault of our own");
      assertThat(audit.isAuditing()).isFalse();
    } finally {
      audit.stop();
    }
  }

  private AuditStreams audit(KafkaServer kafka, String protocol, AuditCounts counts) {
    return audit(kafka, protocol, counts, state, Map.of());
  }

  private static AuditStreams audit(
      KafkaServer kafka,
      String protocol,
      AuditCounts counts,
      Path state,
      Map<String, String> environment) {
    StreamsProperties settings =
        new StreamsProperties(
            kafka.bootstrapServers(), PARTITIONS, 1, 6, ClientDetail.ALL, 1, state, protocol, 200);
    KafkaClientSettings client = KafkaClientSettings.of(environment, kafka.bootstrapServers());
    return new AuditStreams(settings, client, counts, () -> {});
  }

  /** Each call is a publisher's start of its own. */
  private static void publish(KafkaServer kafka, int decisions) throws Exception {
    Publisher.createTopic(kafka.bootstrapServers(), PARTITIONS);
    String epoch = String.valueOf(decisions);
    try (Publisher one = new Publisher(kafka.bootstrapServers(), "one", epoch, PARTITIONS)) {
      for (int i = 0; i < decisions; i++) {
        one.send(Decisions.allowed("c" + i % 9, Instant.now().toEpochMilli() * 1_000));
      }
    }
  }

  /** Allowed decisions, by what the totals said last. */
  private static long allowed(KafkaServer kafka) {
    AuditReader reader = new AuditReader();
    Map<String, MinuteRow> latest = new HashMap<>();
    TopicReader.all(kafka.bootstrapServers(), Topics.BLOCK_RATES)
        .forEach(record -> {
          if (reader.blockRate(record.value()) instanceof MinuteRow row
              && row.dimensions().clientId() == null) {
            latest.put(row.dimensions() + "/" + row.partition(), row);
          }
        });
    return latest.values().stream().mapToLong(row -> row.figures().allowed()).sum();
  }
}
