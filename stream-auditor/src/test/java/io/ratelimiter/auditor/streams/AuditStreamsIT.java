package io.ratelimiter.auditor.streams;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.ratelimiter.auditor.Publisher;
import io.ratelimiter.auditor.TestDecision;
import io.ratelimiter.auditor.TopicReader;
import io.ratelimiter.auditor.kafka.KafkaClientSettings;
import io.ratelimiter.auditor.store.Generation;
import io.ratelimiter.auditor.topology.AuditCounts;
import io.ratelimiter.auditor.topology.AuditTerms.Bills;
import io.ratelimiter.auditor.topology.AuditTerms.ClientDetail;
import io.ratelimiter.localstack.KafkaServer;
import io.ratelimiter.localstack.junit.LocalStack;
import io.ratelimiter.localstack.junit.PrivateServers;
import io.ratelimiter.schemas.audit.AuditReader;
import io.ratelimiter.schemas.audit.AuditRow;
import io.ratelimiter.schemas.audit.Figure;
import io.ratelimiter.schemas.audit.Kind;
import io.ratelimiter.schemas.topics.Topics;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.FeatureUpdate;
import org.apache.kafka.clients.admin.UpdateFeaturesOptions;
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
  void aThreadThatDiesIsReplacedAndNothingIsCountedTwice(PrivateServers servers) throws Exception {
    KafkaServer kafka = servers.kafka();
    FailingCounts counts = new FailingCounts(3);
    AuditStreams audit = audit(kafka, "classic", counts);
    publish(kafka, 200);
    audit.start();
    try {
      // The exception of the thread is expected.
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
    AuditStreams audit = audit(kafka, "streams", new FailingCounts(0));
    publish(kafka, 200);
    audit.start();
    try {
      await().atMost(PATIENCE).untilAsserted(() -> assertThat(allowed(kafka)).isEqualTo(200));
    } finally {
      audit.stop();
    }
    publish(kafka, 100);
    AuditStreams next = audit(kafka, "streams", new FailingCounts(0));
    next.start();
    try {
      await().atMost(PATIENCE).untilAsserted(() -> assertThat(allowed(kafka)).isEqualTo(300));
    } finally {
      next.stop();
    }
  }

  @Test
  void withoutTheNewGroupProtocolOnTheBrokersItUsesTheClassicOne(PrivateServers servers)
      throws Exception {
    KafkaServer kafka = servers.kafka();
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
      FeatureUpdate none = new FeatureUpdate((short) 0, FeatureUpdate.UpgradeType.SAFE_DOWNGRADE);
      admin
          .updateFeatures(Map.of("streams.version", none), new UpdateFeaturesOptions())
          .all()
          .get();
    }
    AuditStreams audit = audit(kafka, "streams", new FailingCounts(0));
    publish(kafka, 200);
    audit.start();
    try {
      await().atMost(PATIENCE).untilAsserted(() -> assertThat(allowed(kafka)).isEqualTo(200));
    } finally {
      audit.stop();
    }
  }

  @Test
  void whileItRestoresItsStateItReportsThatAndIsNotRunning(PrivateServers servers)
      throws Exception {
    KafkaServer kafka = servers.kafka();
    AuditStreams first = audit(kafka, "classic", new FailingCounts(0));
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
    AuditStreams next =
        audit(kafka, "classic", new FailingCounts(0), state.resolve("wiped"), slowly);
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
    AuditStreams audit = audit(kafka, "classic", new FailingCounts(1_000));
    publish(kafka, 10);
    audit.start();
    try {
      await()
          .dontCatchUncaughtExceptions()
          .atMost(PATIENCE)
          .untilAsserted(() -> assertThat(audit.state()).isEqualTo("PAUSED"));
      assertThat(audit.stoppedBy()).isEqualTo("IllegalStateException: a fault of the test");
      assertThat(audit.isAuditing()).isFalse();
    } finally {
      audit.stop();
    }
  }

  @Test
  void aFaultBeforeItRunsPausesItAndIsReported(PrivateServers servers) {
    Runnable failing =
        () -> {
          throw new IllegalStateException("a fault of the test");
        };
    AuditStreams audit =
        audit(servers.kafka(), "classic", new FailingCounts(0), state, Map.of(), failing);
    audit.start();
    try {
      await().atMost(PATIENCE).untilAsserted(() -> assertThat(audit.state()).isEqualTo("PAUSED"));
      assertThat(audit.stoppedBy()).isEqualTo("IllegalStateException: a fault of the test");
    } finally {
      audit.stop();
    }
  }

  private AuditStreams audit(KafkaServer kafka, String protocol, AuditCounts counts) {
    return audit(kafka, protocol, counts, state, Map.of());
  }

  static AuditStreams audit(
      KafkaServer kafka,
      String protocol,
      AuditCounts counts,
      Path state,
      Map<String, String> environment) {
    return audit(kafka, protocol, counts, state, environment, () -> {});
  }

  private static AuditStreams audit(
      KafkaServer kafka,
      String protocol,
      AuditCounts counts,
      Path state,
      Map<String, String> environment,
      Runnable onTopicsExist) {
    StreamsProperties settings =
        new StreamsProperties(
            kafka.bootstrapServers(),
            List.of(Topics.DECISIONS),
            PARTITIONS,
            1,
            6,
            ClientDetail.ALL,
            Bills.TENANT,
            1,
            state,
            protocol,
            200);
    KafkaClientSettings client = KafkaClientSettings.of(environment, kafka.bootstrapServers());
    Generation generation = new Generation(1, Generation.State.ABSENT);
    return new AuditStreams(settings, client, counts, generation, onTopicsExist);
  }

  /** Publishes with an epoch of its own. */
  private static void publish(KafkaServer kafka, int decisions) throws Exception {
    Publisher.createTopic(kafka.bootstrapServers(), PARTITIONS);
    String epoch = String.valueOf(decisions);
    try (Publisher one = new Publisher(kafka.bootstrapServers(), "one", epoch, PARTITIONS)) {
      for (int i = 0; i < decisions; i++) {
        one.send(TestDecision.allowed("c" + i % 9, Instant.now().toEpochMilli() * 1_000));
      }
    }
  }

  /** Allowed decisions according to the latest totals. */
  static long allowed(KafkaServer kafka) {
    AuditReader reader = new AuditReader();
    Map<String, AuditRow> latest = new HashMap<>();
    TopicReader.all(kafka.bootstrapServers(), Topics.BLOCK_RATES)
        .forEach(record -> {
          if (reader.blockRate(record.value()) instanceof AuditRow row
              && row.dimensions().kind() == Kind.TOTAL) {
            latest.put(row.dimensions() + "/" + row.partition(), row);
          }
        });
    return latest.values().stream().mapToLong(row -> row.figures().get(Figure.ALLOWED_COUNT)).sum();
  }
}
