package io.ratelimiter.auditor;

import static org.awaitility.Awaitility.await;

import io.ratelimiter.localstack.KafkaServer;
import io.ratelimiter.localstack.PostgresServer;
import io.ratelimiter.localstack.junit.LocalStack;
import io.ratelimiter.localstack.junit.PrivateServers;
import io.ratelimiter.schemas.topics.Topics;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListStreamsGroupOffsetsSpec;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.StreamsGroupMemberAssignment;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A second auditor takes half of the partitions, and all of them when the first one is killed. */
@Tag("faults")
@LocalStack
class ScaleOutIT {

  private static final int PARTITIONS = 12;
  private static final int DECISIONS = Integer.getInteger("audit.decisions", 400_000);
  private static final String PROTOCOL = System.getProperty("audit.protocol", "classic");
  private static final String GROUP = "ratelimiter-auditor-g1";
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  private static final Report REPORT =
      new Report(
          "scale-out-report.md",
          """
          # A second auditor, with 2 000 decisions a second

          | protocol, event | s until | max lag, records | s until the lag is below 2 s of traffic |
          |---|---|---|---|
          """);

  @TempDir private Path folder;
  private KafkaServer kafka;
  private PostgresServer postgres;
  private Admin admin;
  private final ExpectedTables expected = new ExpectedTables();
  private final AtomicBoolean publishing = new AtomicBoolean(true);

  @Test
  void itTakesItsShareAndSurvivesTheOther(PrivateServers servers) throws Exception {
    kafka = servers.kafka();
    postgres = servers.postgres();
    Publisher.createTopic(kafka.bootstrapServers(), PARTITIONS);
    Sql sql = new Sql(postgres.jdbcUrl());
    Traffic traffic = new Traffic(5, expected, Instant.now().toEpochMilli() * 1_000, 500_000);
    try (Admin client = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()));
        Publisher one = new Publisher(kafka.bootstrapServers(), "one", "a", PARTITIONS);
        Publisher two = new Publisher(kafka.bootstrapServers(), "two", "a", PARTITIONS);
        AuditorProcess first = auditor("a")) {
      admin = client;
      traffic.send(DECISIONS, List.of(one, two));
      await().atMost(PATIENCE).ignoreExceptions().until(() -> expected.isWhole(sql));
      CompletableFuture<Void> published =
          CompletableFuture.runAsync(() -> publish(traffic, List.of(one, two)));
      try (AuditorProcess _ = auditor("b")) {
        measure("a second one is started: 6 tasks each", List.of(6, 6));
        first.kill();
        measure("the first one is killed: 12 tasks", List.of(12));
        publishing.set(false);
        published.get(1, TimeUnit.MINUTES);
        one.sendLedgers(true);
        two.sendLedgers(true);
        await().atMost(PATIENCE).until(() -> expected.isWhole(sql));
        await().atMost(PATIENCE).untilAsserted(() -> expected.assertEqualTo(sql));
      }
    }
  }

  /** Waits until the members have so many partitions, and then until the lag is small again. */
  private void measure(String event, List<Integer> shares) {
    long begin = System.nanoTime();
    AtomicLong maxLag = new AtomicLong();
    until(() -> {
      maxLag.accumulateAndGet(lag(), Math::max);
      return shares().equals(shares);
    });
    double assigned = (System.nanoTime() - begin) / 1e9;
    until(() -> maxLag.accumulateAndGet(lag(), Math::max) >= 0 && lag() < 4_000);
    REPORT.line(
        "| %s, %s | %.1f | %,d | %.1f |",
        PROTOCOL, event, assigned, maxLag.get(), (System.nanoTime() - begin) / 1e9);
  }

  private static void until(Callable<Boolean> condition) {
    await()
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(250))
        // While the group is rebalanced, or before there is one.
        .ignoreExceptionsInstanceOf(ExecutionException.class)
        .until(condition);
  }

  /** Partitions by member, ascending. */
  private List<Integer> shares() throws Exception {
    return PROTOCOL.equals("streams") ? sharesOfStreamsGroup() : sharesOfClassicGroup();
  }

  private List<Integer> sharesOfClassicGroup() throws Exception {
    return admin
        .describeConsumerGroups(List.of(GROUP))
        .describedGroups()
        .get(GROUP)
        .get()
        .members()
        .stream()
        .map(member -> member.assignment().topicPartitions().size())
        .sorted()
        .toList();
  }

  private List<Integer> sharesOfStreamsGroup() throws Exception {
    return admin
        .describeStreamsGroups(List.of(GROUP))
        .describedGroups()
        .get(GROUP)
        .get()
        .members()
        .stream()
        .map(member -> tasks(member.assignment()))
        .sorted()
        .toList();
  }

  private static int tasks(StreamsGroupMemberAssignment assignment) {
    return assignment.activeTasks().stream().mapToInt(ids -> ids.partitions().size()).sum();
  }

  /** Records that are not committed. */
  private long lag() throws Exception {
    Map<TopicPartition, OffsetSpec> latest = new HashMap<>();
    for (int partition = 0; partition < PARTITIONS; partition++) {
      latest.put(new TopicPartition(Topics.DECISIONS, partition), OffsetSpec.latest());
    }
    var ends = admin.listOffsets(latest).all().get();
    var committed = committed();
    long lag = 0;
    for (TopicPartition partition : latest.keySet()) {
      long counted = committed.get(partition) == null ? 0 : committed.get(partition).offset();
      lag += ends.get(partition).offset() - counted;
    }
    return lag;
  }

  private Map<TopicPartition, OffsetAndMetadata> committed() throws Exception {
    return PROTOCOL.equals("streams")
        ? admin
            .listStreamsGroupOffsets(Map.of(GROUP, new ListStreamsGroupOffsetsSpec()))
            .partitionsToOffsetAndMetadata(GROUP)
            .get()
        : admin.listConsumerGroupOffsets(GROUP).partitionsToOffsetAndMetadata().get();
  }

  /** 200 decisions every tenth of a second. */
  private void publish(Traffic traffic, List<Publisher> publishers) {
    while (publishing.get()) {
      traffic.send(200, publishers);
      try {
        new CompletableFuture<Void>().get(100, TimeUnit.MILLISECONDS);
      } catch (TimeoutException _) {
        continue;
      } catch (InterruptedException | ExecutionException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  private AuditorProcess auditor(String name) {
    return AuditorProcess.start(
        folder,
        name,
        Map.of(
            "KAFKA_BOOTSTRAP_SERVERS", kafka.bootstrapServers(),
            "DATABASE_URL", postgres.databaseUrl(),
            "DECISIONS_PARTITIONS", String.valueOf(PARTITIONS),
            "AUDIT_GROUP_PROTOCOL", PROTOCOL,
            "LOG_LEVEL", "WARN"));
  }
}
