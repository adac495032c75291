package io.ratelimiter.auditor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.ratelimiter.localstack.KafkaServer;
import io.ratelimiter.localstack.PostgresServer;
import io.ratelimiter.localstack.junit.LocalStack;
import io.ratelimiter.localstack.junit.PrivateServers;
import io.ratelimiter.schemas.topics.TopicSpec;
import io.ratelimiter.schemas.topics.Topics;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Limiters move from a topic with three partitions to one with five while the auditor reads both.
 */
@Tag("faults")
@LocalStack
class MovedTopicIT {

  private static final Duration PATIENCE = Duration.ofSeconds(90);

  /** With the publisher's append times, so that a topic can be without records for hours. */
  private static final TopicSpec OLD = withoutAppendTime(Topics.decisions(3));

  private static final TopicSpec NEW = withoutAppendTime(Topics.decisions("decisions-of-5", 5));

  @TempDir private Path state;
  private KafkaServer kafka;
  private Sql sql;
  private final ExpectedTables expected = new ExpectedTables();
  private final long nowMillis = Instant.now().toEpochMilli();

  private static TopicSpec withoutAppendTime(TopicSpec spec) {
    Map<String, String> config = new HashMap<>(spec.config());
    config.put("message.timestamp.type", "CreateTime");
    return new TopicSpec(spec.name(), spec.partitions(), config);
  }

  @BeforeEach
  void startServers(PostgresServer postgres, PrivateServers servers) throws Exception {
    kafka = servers.kafka();
    sql = new Sql(postgres.createDatabase("moved_topic"));
    Publisher.createTopic(kafka.bootstrapServers(), OLD);
    Publisher.createTopic(kafka.bootstrapServers(), NEW);
  }

  @Test
  void nothingIsLostOrDoubledAndMinutesBecomeFinal() throws Exception {
    try (RunningAuditor auditor = auditor(NEW, OLD)) {
      publish(7, OLD, "a", Duration.ofHours(3));
      publish(8, NEW, "b", Duration.ZERO);

      await().atMost(PATIENCE).ignoreExceptions().until(() -> expected.isWhole(sql));
      await().atMost(PATIENCE).untilAsserted(() -> expected.assertEqualWithDuplicatesTo(sql));
      assertThat(
              sql.one("SELECT DISTINCT epoch, closed, unknown_tail FROM audit.series ORDER BY 1"))
          .isEqualTo("a|t|f\nb|t|f");
      assertThat(auditor.get("/health")).contains("\"decisions-of-5\":\"RUNNING\"");
      awaitFinal();
    }

    try (RunningAuditor auditor = auditor(NEW)) {
      decide("late", OLD);
      awaitHealth(auditor, "\"uncounted_records\":{\"ratelimiter.decisions.v1\":1}");
    }

    try (RunningAuditor auditor = auditor(NEW, OLD)) {
      decide("later", OLD);
      await().atMost(PATIENCE).ignoreExceptions().until(() -> expected.isWhole(sql));
      expected.assertEqualTo(sql);
      awaitHealth(auditor, "\"healthy\"");
    }
  }

  /** The minutes of the old topic, whose newest record is hours old, and not those of the new. */
  private void awaitFinal() {
    await()
        .atMost(PATIENCE)
        .untilAsserted(() ->
            assertThat(
                    sql.one(
                        """
                        SELECT bool_and(final = (window_start < now() - interval '1 hour'))
                        FROM audit.block_rate_by_minute
                        """))
                .isEqualTo("t"));
    assertThat(sql.one("SELECT age < interval '10 minutes' FROM audit.freshness")).isEqualTo("t");
  }

  private static void awaitHealth(RunningAuditor auditor, String text) {
    await().atMost(PATIENCE).untilAsserted(() -> assertThat(auditor.get("/health")).contains(text));
  }

  /** Two limiters publish in their epochs and close them. */
  private void publish(long seed, TopicSpec topic, String epoch, Duration ago) {
    long atMillis = nowMillis - ago.toMillis();
    Traffic traffic = new Traffic(seed, expected, atMillis * 1_000, 200);
    try (Publisher one = new Publisher(kafka.bootstrapServers(), topic, "one", epoch);
        Publisher two = new Publisher(kafka.bootstrapServers(), topic, "two", epoch)) {
      one.appendAt(atMillis);
      two.appendAt(atMillis);
      traffic.send(5_000, List.of(one, two));
      one.sendLedgers(true);
      two.sendLedgers(true);
    }
  }

  /** A limiter that was not seen before publishes one decision. */
  private void decide(String instance, TopicSpec topic) {
    TestDecision decision = TestDecision.allowed(instance, nowMillis * 1_000);
    expected.add(decision);
    try (Publisher publisher = new Publisher(kafka.bootstrapServers(), topic, instance, "c")) {
      publisher.appendAt(nowMillis);
      publisher.send(decision);
    }
  }

  private RunningAuditor auditor(TopicSpec current, TopicSpec... earlier) {
    List<String> names = new ArrayList<>(List.of(current.name()));
    for (TopicSpec topic : earlier) {
      names.add(topic.name());
    }
    return RunningAuditor.start(
        state,
        Map.of(
            "KAFKA_BOOTSTRAP_SERVERS", kafka.bootstrapServers(),
            "DATABASE_URL", sql.jdbcUrl(),
            "DECISIONS_TOPIC", String.join(",", names),
            "DECISIONS_PARTITIONS", String.valueOf(current.partitions()),
            "AUDIT_MAX_LATENESS_HOURS", "1"));
  }
}
