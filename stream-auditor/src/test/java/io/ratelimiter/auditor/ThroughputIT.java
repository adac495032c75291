package io.ratelimiter.auditor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.ratelimiter.localstack.KafkaServer;
import io.ratelimiter.localstack.PostgresServer;
import io.ratelimiter.localstack.junit.LocalStack;
import io.ratelimiter.localstack.junit.PrivateServers;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Measures how fast the auditor reads a topic that was full before it started. */
@Tag("faults")
@LocalStack
class ThroughputIT {

  private static final int PARTITIONS = 12;
  private static final int DECISIONS = Integer.getInteger("audit.decisions", 1_000_000);
  private static final Duration PATIENCE = Duration.ofMinutes(8);
  private static final int PARTS = 5;

  private static final Report REPORT =
      new Report(
          "throughput-report.md",
          """
          # How fast a full topic is caught up

          One stream thread, exactly once, into PostgreSQL; broker and database on the same machine. From the
          first decision seen in SQL to the last; the second half apart, because the JVM is warm by then.

          | decisions of clients, detail | decisions/s | second half | CPU µs each, auditor | resident MB, by fifths | heap after GC MB, by fifths |
          |---|---|---|---|---|---|
          """);

  private KafkaServer kafka;
  private PostgresServer postgres;
  private Sql sql;

  @BeforeEach
  void startServers(PrivateServers servers) throws Exception {
    kafka = servers.kafka();
    postgres = servers.postgres();
    sql = new Sql(postgres.jdbcUrl());
    Publisher.createTopic(kafka.bootstrapServers(), PARTITIONS);
  }

  private record Mark(long counted, long atNanos, Duration cpu) {

    double perSecondTo(Mark later) {
      return (later.counted - counted) * 1e9 / (later.atNanos - atNanos);
    }

    double cpuMicrosTo(Mark later) {
      return later.cpu.minus(cpu).toNanos() / 1e3 / (later.counted - counted);
    }
  }

  @ParameterizedTest(name = "{0} clients, detail {1}")
  @CsvSource({"10000, all", "1000000, all", "1000000, blocked"})
  void aFullTopicIsCaughtUp(int clients, String detail, @TempDir Path folder) {
    fill(clients);
    List<Long> resident = new ArrayList<>();
    try (AuditorProcess auditor = auditor(folder, detail)) {
      Mark begin = reached(1, auditor);
      Mark half = begin;
      for (int part = 1; part <= PARTS; part++) {
        Mark here = reached((long) DECISIONS * part / PARTS, auditor);
        half = here.counted() <= DECISIONS / 2 ? here : half;
        resident.add(auditor.residentMegabytes());
      }
      Mark end = reached(DECISIONS, auditor);
      REPORT.line(
          "| %,d of %,d, %s | %,.0f | %,.0f | %.1f | %s | |",
          DECISIONS,
          clients,
          detail,
          begin.perSecondTo(end),
          half.perSecondTo(end),
          begin.cpuMicrosTo(end),
          resident);
    }
    assertThat(sql.one("SELECT sum(allowed_count) FROM audit.served_totals"))
        .isEqualTo(String.valueOf(DECISIONS));
  }

  @ParameterizedTest(name = "detail {0}")
  @CsvSource({"all", "blocked"})
  void memoryStaysFlatOverAMillionDistinctClients(String detail, @TempDir Path folder) {
    fill(DECISIONS);
    List<Long> live = new ArrayList<>();
    List<Long> resident = new ArrayList<>();
    try (AuditorProcess auditor = auditor(folder, detail)) {
      for (int part = 1; part <= PARTS; part++) {
        reached((long) DECISIONS * part / PARTS, auditor);
        live.add(auditor.liveMegabytes());
        resident.add(auditor.residentMegabytes());
      }
    }
    REPORT.line(
        "| %,d of %,d, %s (stopped to look) | | | | %s | %s |",
        DECISIONS, DECISIONS, detail, resident, live);
    assertThat(live.getLast()).as("heap in use, MB: %s", live).isLessThan(160);
  }

  /** Publishes allowed decisions of one minute. */
  private void fill(int clients) {
    long now = Instant.now().toEpochMilli() * 1_000;
    try (Publisher publisher = new Publisher(kafka.bootstrapServers(), "one", "a", PARTITIONS)) {
      for (int i = 0; i < DECISIONS; i++) {
        publisher.send(
            TestDecision.allowed("client-" + i % clients, now).withLatency(100 + i % 900));
      }
      publisher.sendLedgers(true);
    }
  }

  private AuditorProcess auditor(Path folder, String detail) {
    Map<String, String> environment =
        Map.of(
            "KAFKA_BOOTSTRAP_SERVERS",
            kafka.bootstrapServers(),
            "DATABASE_URL",
            postgres.databaseUrl(),
            "LOG_LEVEL",
            "WARN",
            "AUDIT_CLIENT_DETAIL",
            detail);
    return AuditorProcess.start(folder, "auditor", environment);
  }

  private Mark reached(long decisions, AuditorProcess auditor) {
    await()
        .atMost(PATIENCE)
        .failFast("the auditor ended", () -> !auditor.isAlive())
        .pollInterval(Duration.ofMillis(200))
        .until(() -> isMigrated() && ExpectedTables.counted(sql) >= decisions);
    return new Mark(ExpectedTables.counted(sql), System.nanoTime(), auditor.cpu());
  }

  private boolean isMigrated() {
    return sql.one("SELECT to_regclass('audit.served_bills') IS NOT NULL").equals("t");
  }
}
