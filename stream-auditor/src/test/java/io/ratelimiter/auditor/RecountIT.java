package io.ratelimiter.auditor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.ratelimiter.localstack.KafkaServer;
import io.ratelimiter.localstack.PostgresServer;
import io.ratelimiter.localstack.junit.LocalStack;
import io.ratelimiter.localstack.junit.PrivateServers;
import io.ratelimiter.schemas.topics.Topics;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.GroupListing;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A higher generation counts the topic again beside the one that serves. */
@LocalStack
class RecountIT {

  private static final int PARTITIONS = 3;
  private static final Duration PATIENCE = Duration.ofSeconds(120);

  @TempDir private Path folder;
  private KafkaServer kafka;
  private Sql sql;
  private final ExpectedTables expected = new ExpectedTables();
  private Traffic traffic;

  @BeforeEach
  void startServers(PostgresServer postgres, PrivateServers servers) throws Exception {
    kafka = servers.kafka();
    sql = new Sql(postgres.createDatabase("recount_" + System.nanoTime()));
    traffic = new Traffic(3, expected, Instant.now().toEpochMilli() * 1_000, 300);
    Publisher.createTopic(kafka.bootstrapServers(), PARTITIONS);
  }

  @Test
  @Tag("faults")
  void whileTrafficContinuesNoSumEverFallsOrIsCountedTwiceAndTheOldRunIsRemoved() throws Exception {
    try (RunningAuditor first = auditor("first", 1);
        Publisher one = publisher("one");
        Publisher two = publisher("two")) {
      Load load = new Load(List.of(one, two));
      await().atMost(PATIENCE).ignoreExceptions().until(() -> ExpectedTables.counted(sql) > 2_000);
      SumReader sums = new SumReader(sql, expected);
      try (RunningAuditor _ = auditor("second", 2)) {
        awaitServing(2);
        load.stop();
        one.sendLedgers(true);
        two.sendLedgers(true);
        await().atMost(PATIENCE).untilAsserted(() -> expected.assertEqualTo(sql));
        assertThat(sums.stop()).as("readings without a fault").isGreaterThan(10);
        await()
            .atMost(PATIENCE)
            .untilAsserted(() ->
                assertThat(first.get("/health"))
                    .contains("{\"own\":1,\"state\":\"replaced\",\"serving\":2}")
                    .contains("\"state\":\"REPLACED\""));
        awaitNoRowOf(1);
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(namesOf(1)).isEmpty());
        await().atMost(PATIENCE).untilAsserted(this::assertTombstones);
        assertTheLowerGenerationChangesNothing();
      }
    }
  }

  /** An operator starts the lower generation again. */
  private void assertTheLowerGenerationChangesNothing() throws Exception {
    String counted = sql.one("SELECT count(*) FROM audit.rate_limit_totals");
    try (RunningAuditor lower = auditor("lower", 1)) {
      await()
          .atMost(PATIENCE)
          .untilAsserted(() ->
              assertThat(lower.get("/health"))
                  .contains("{\"own\":1,\"state\":\"replaced\",\"serving\":2}")
                  .contains("\"status\":\"degraded\""));
      assertThat(namesOf(1)).isEmpty();
    }
    assertThat(sql.one("SELECT count(*) FROM audit.rate_limit_totals")).isEqualTo(counted);
    expected.assertEqualTo(sql);
  }

  /** Of each key of the old generation the last record has no value. */
  private void assertTombstones() {
    Map<String, Boolean> deleted = new HashMap<>();
    for (ConsumerRecord<byte[], byte[]> record :
        TopicReader.all(kafka.bootstrapServers(), Topics.BLOCK_RATES)) {
      String key = new String(record.key(), StandardCharsets.UTF_8);
      if (key.contains("\"" + Topics.DECISIONS + "\"," + record.partition() + ",1")) {
        deleted.put(key, record.value() == null);
      }
    }
    assertThat(deleted).isNotEmpty().doesNotContainValue(false);
  }

  @Test
  @Tag("faults")
  void aRunThatIsKilledBetweenTheSwitchAndTheDeletionDeletesAfterItsRestart() throws Exception {
    try (Publisher one = publisher("one");
        AuditorProcess _ = process("first", 1)) {
      traffic.send(5_000, List.of(one));
      one.sendLedgers(true);
      one.flush();
      await().atMost(PATIENCE).ignoreExceptions().until(() -> expected.isWhole(sql));
    }
    try (Connection deletions = DriverManager.getConnection(sql.jdbcUrl())) {
      deletions.createStatement().execute("SELECT pg_advisory_lock(x'617564697402'::bigint)");
      try (AuditorProcess second = process("second", 2)) {
        awaitServing(2);
        second.kill();
      }
    }
    assertThat(sql.one("SELECT count(*) > 0 FROM audit.rate_limit_totals WHERE generation = 1"))
        .isEqualTo("t");
    expected.assertEqualTo(sql);
    try (AuditorProcess _ = process("second", 2)) {
      awaitNoRowOf(1);
      await().atMost(PATIENCE).untilAsserted(() -> assertThat(namesOf(1)).isEmpty());
      expected.assertEqualTo(sql);
    }
  }

  private void awaitServing(int generation) {
    await()
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(50))
        .until(
            () -> sql.one("SELECT audit.serving_generation()").equals(String.valueOf(generation)));
  }

  private void awaitNoRowOf(int generation) {
    for (String table :
        List.of(
            "rate_limit_metrics",
            "rate_limit_totals",
            "tenant_totals",
            "instance_totals",
            "unique_clients",
            "bills",
            "series",
            "watermarks",
            "generations")) {
      String query = "SELECT count(*) FROM audit." + table + " WHERE generation = " + generation;
      await()
          .atMost(PATIENCE)
          .untilAsserted(() -> assertThat(sql.one(query)).as(table).isEqualTo("0"));
    }
  }

  /** Groups and topics of a generation. */
  private List<String> namesOf(int generation) throws Exception {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
      return Stream.concat(
              admin.listTopics().names().get().stream(),
              admin.listGroups().all().get().stream().map(GroupListing::groupId))
          .filter(name -> name.matches("ratelimiter-auditor-g" + generation + "(-.*)?"))
          .toList();
    }
  }

  /** Decisions that are published until it is stopped. */
  private final class Load {

    private final CompletableFuture<Void> stopping = new CompletableFuture<>();
    private final CompletableFuture<Void> published;

    Load(List<Publisher> publishers) {
      published =
          CompletableFuture.runAsync(() -> {
            while (!stopping.isDone()) {
              traffic.send(200, publishers);
              SumReader.pass(stopping, 50);
            }
          });
    }

    void stop() throws Exception {
      stopping.complete(null);
      published.get(60, TimeUnit.SECONDS);
    }
  }

  private Map<String, String> environment(int generation) {
    return Map.of(
        "KAFKA_BOOTSTRAP_SERVERS", kafka.bootstrapServers(),
        "DATABASE_URL", sql.jdbcUrl(),
        "DECISIONS_PARTITIONS", String.valueOf(PARTITIONS),
        "AUDIT_GENERATION", String.valueOf(generation));
  }

  private RunningAuditor auditor(String name, int generation) {
    return RunningAuditor.start(folder.resolve(name), environment(generation));
  }

  private AuditorProcess process(String name, int generation) {
    Map<String, String> all = new HashMap<>(environment(generation));
    // The groups of both protocols are deleted.
    all.put("AUDIT_GROUP_PROTOCOL", "streams");
    return AuditorProcess.start(folder, "recount-" + name, all);
  }

  private Publisher publisher(String instance) {
    return new Publisher(kafka.bootstrapServers(), instance, "a", PARTITIONS);
  }
}
