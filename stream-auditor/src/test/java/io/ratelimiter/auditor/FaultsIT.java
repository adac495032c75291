package io.ratelimiter.auditor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.ratelimiter.localstack.KafkaServer;
import io.ratelimiter.localstack.PostgresServer;
import io.ratelimiter.localstack.junit.LocalStack;
import io.ratelimiter.localstack.junit.PrivateServers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

/** A million decisions while a fault is injected: the tables must be as expected, row by row. */
@Tag("faults")
@LocalStack
class FaultsIT {

  private static final int PARTITIONS = 6;
  private static final int DECISIONS = Integer.getInteger("audit.decisions", 1_000_000);
  private static final int CLIENTS = 2_000;
  private static final Duration PATIENCE = Duration.ofMinutes(8);

  private static final Report REPORT =
      new Report(
          "faults-report.md",
          """
          # Tables that equal the producer's account, row by row

          | run | decisions | rows of clients | equal s after the last was sent |
          |---|---|---|---|
          """);

  @TempDir private Path folder;
  private KafkaServer kafka;
  private PostgresServer postgres;
  private Sql sql;
  private final ExpectedTables expected = new ExpectedTables();
  private Traffic traffic;
  private String name = "";

  @BeforeEach
  void startServers(TestInfo test, PrivateServers servers) throws Exception {
    name = test.getDisplayName();
    kafka = servers.kafka();
    postgres = servers.postgres();
    sql = new Sql(postgres.jdbcUrl());
    traffic = new Traffic(11, expected, Instant.now().toEpochMilli() * 1_000, CLIENTS);
    Publisher.createTopic(kafka.bootstrapServers(), PARTITIONS);
  }

  /** Injects a fault while decisions are published. */
  private interface Fault {
    void inject(CompletableFuture<Void> published) throws Exception;
  }

  @Test
  void withoutAFault() throws Exception {
    try (AuditorProcess _ = auditor("a", Map.of())) {
      publish(published -> {});
      assertTables();
      expected.assertEqualWithDuplicatesTo(sql);
    }
  }

  @Test
  void anAuditorThatIsKilledThreeTimesCountsEverythingOnce() throws Exception {
    AuditorProcess[] running = {auditor("a", Map.of())};
    try {
      publish(published -> {
        for (int kill = 1; kill <= 3; kill++) {
          awaitCounted(kill * DECISIONS / 5);
          running[0].kill();
          running[0] = auditor("a", Map.of());
        }
      });
      assertTables();
    } finally {
      running[0].close();
    }
  }

  @Test
  void aSecondInstanceThatJoinsAndLeavesChangesNothing() throws Exception {
    try (AuditorProcess _ = auditor("a", Map.of())) {
      publish(published -> {
        for (int visit = 0; visit < 4 || !published.isDone(); visit++) {
          try (AuditorProcess _ = auditor("b", Map.of())) {
            awaitMembers(2);
            pass(Duration.ofSeconds(5));
          }
          pass(Duration.ofSeconds(5));
        }
      });
      assertTables();
    }
  }

  @Test
  void aStateFolderThatIsWipedIsRebuilt() throws Exception {
    AuditorProcess first = auditor("a", Map.of());
    AuditorProcess[] running = {first};
    try {
      publish(published -> {
        awaitCounted(DECISIONS / 4);
        running[0].kill();
        wipe(folder.resolve("a"));
        running[0] = auditor("a", Map.of());
      });
      assertTables();
    } finally {
      running[0].close();
    }
  }

  @Test
  void aTopicThatIsReplayedWholeChangesNothing() throws Exception {
    traffic.keepingAll();
    try (AuditorProcess _ = auditor("a", Map.of())) {
      publish(published -> {});
      assertTables();
      try (Publisher one = publisher("one");
          Publisher two = publisher("two")) {
        traffic.replayAll(List.of(one, two));
      }
      await()
          .atMost(PATIENCE)
          .pollInterval(Duration.ofSeconds(1))
          .untilAsserted(() -> expected.assertEqualWithDuplicatesTo(sql));
    }
  }

  @Test
  void aDatabaseThatIsAwayForAMinuteIsCaughtUp() throws Exception {
    try (AuditorProcess _ = auditor("a", Map.of())) {
      publish(published -> {
        awaitCounted(DECISIONS / 4);
        postgres.stop();
        pass(Duration.ofSeconds(60));
        postgres.start();
      });
      assertTables();
    }
  }

  @Test
  void aHigherGenerationThatCountsAllAgainBesideTheLowerOneReplacesWrongRows() throws Exception {
    try (AuditorProcess _ = auditor("a", Map.of())) {
      publish(published -> {});
      assertTables();
      sql.execute("UPDATE audit.rate_limit_metrics SET blocked_count = blocked_count + 1");
      sql.execute("UPDATE audit.rate_limit_totals SET allowed_count = allowed_count + 7");
      try (AuditorProcess _ = auditor("b", Map.of("AUDIT_GENERATION", "2"))) {
        await()
            .atMost(PATIENCE)
            .pollInterval(Duration.ofSeconds(2))
            .untilAsserted(
                () -> assertThat(sql.one("SELECT audit.serving_generation()")).isEqualTo("2"));
        expected.assertEqualTo(sql);
        await()
            .atMost(PATIENCE)
            .pollInterval(Duration.ofSeconds(2))
            .untilAsserted(() ->
                assertThat(sql.one("SELECT DISTINCT generation FROM audit.rate_limit_totals"))
                    .isEqualTo("2"));
      }
    }
  }

  private void publish(Fault fault) throws Exception {
    try (Publisher one = publisher("one");
        Publisher two = publisher("two")) {
      CompletableFuture<Void> published =
          CompletableFuture.runAsync(() -> {
            // In portions, so that it continues while the fault is injected.
            for (int portion = 0; portion < 20; portion++) {
              traffic.send(DECISIONS / 20, List.of(one, two));
              pass(Duration.ofMillis(500));
            }
          });
      fault.inject(published);
      published.get(10, TimeUnit.MINUTES);
      one.sendLedgers(true);
      two.sendLedgers(true);
    }
  }

  private Publisher publisher(String instance) {
    return new Publisher(kafka.bootstrapServers(), instance, "a", PARTITIONS);
  }

  private void assertTables() {
    long begin = System.nanoTime();
    await()
        .atMost(PATIENCE)
        .pollInterval(Duration.ofSeconds(1))
        .ignoreExceptions()
        .until(() -> expected.isWhole(sql));
    await()
        .atMost(Duration.ofMinutes(1))
        .pollInterval(Duration.ofSeconds(1))
        .untilAsserted(() -> expected.assertEqualTo(sql));
    REPORT.line(
        "| %s | %,d | %,d | %.0f |",
        name,
        expected.decisions(),
        Long.parseLong(sql.one("SELECT count(*) FROM audit.rate_limit_metrics")),
        (System.nanoTime() - begin) / 1e9);
  }

  private void awaitCounted(long decisions) {
    await()
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(500))
        .ignoreExceptions()
        .until(() -> ExpectedTables.counted(sql) >= decisions);
  }

  private void awaitMembers(int count) {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
      await()
          .atMost(PATIENCE)
          .pollInterval(Duration.ofMillis(200))
          // At first there is no such group.
          .ignoreExceptionsInstanceOf(ExecutionException.class)
          .until(() -> members(admin) == count);
    }
  }

  private static int members(Admin admin) throws Exception {
    return admin
        .describeConsumerGroups(List.of("ratelimiter-auditor-g1"))
        .all()
        .get()
        .values()
        .iterator()
        .next()
        .members()
        .size();
  }

  private AuditorProcess auditor(String name, Map<String, String> environment) {
    Map<String, String> all = new HashMap<>(environment);
    all.put("KAFKA_BOOTSTRAP_SERVERS", kafka.bootstrapServers());
    all.put("DATABASE_URL", postgres.databaseUrl());
    all.put("DECISIONS_PARTITIONS", String.valueOf(PARTITIONS));
    all.put("LOG_LEVEL", "WARN");
    return AuditorProcess.start(folder, name, all);
  }

  /** Waits for a duration, where there is no state to wait for. */
  private static void pass(Duration duration) {
    try {
      new CompletableFuture<Void>().get(duration.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException _) {
      return;
    } catch (InterruptedException | ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void wipe(Path path) throws IOException {
    try (Stream<Path> all = Files.walk(path)) {
      for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(each);
      }
    }
  }
}
