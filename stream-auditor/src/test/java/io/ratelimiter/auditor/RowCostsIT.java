package io.ratelimiter.auditor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.ratelimiter.localstack.KafkaServer;
import io.ratelimiter.localstack.PostgresServer;
import io.ratelimiter.localstack.junit.LocalStack;
import io.ratelimiter.localstack.junit.PrivateServers;
import io.ratelimiter.schemas.topics.Topics;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Measures the rows and bytes that decisions leave in each table and on the topic of rows. */
@Tag("faults")
@LocalStack
class RowCostsIT {

  private static final int PARTITIONS = 12;
  private static final int DECISIONS = Integer.getInteger("audit.decisions", 200_000);
  private static final int CLIENTS = 10_000;

  private static final String TABLES =
      """
      SELECT coalesce(parent.relname, c.relname), sum(c.reltuples)::bigint,
        sum(pg_total_relation_size(c.oid))::bigint
      FROM pg_class c
      LEFT JOIN pg_inherits ON inhrelid = c.oid
      LEFT JOIN pg_class parent ON parent.oid = inhparent
      WHERE c.relnamespace = 'audit'::regnamespace AND c.relkind = 'r' AND c.reltuples > 0
        AND c.relname NOT LIKE 'flyway%'
      GROUP BY 1 ORDER BY 1
      """;

  private static final Report REPORT =
      new Report(
          "row-costs-report.md",
          """
          # Rows and bytes of %,d decisions of %,d clients in eight minutes

          Two limiters, %d partitions; a third blocked, shadow verdicts, degraded ones. Tables with their indexes, after VACUUM FULL.

          | where | rows | rows per decision | bytes per row | bytes per decision |
          |---|---|---|---|---|
          """
              .formatted(DECISIONS, CLIENTS, PARTITIONS));

  @Test
  void rowsAndBytesOfEachTable(PrivateServers servers, @TempDir Path state) throws Exception {
    KafkaServer kafka = servers.kafka();
    PostgresServer postgres = servers.postgres();
    Sql sql = new Sql(postgres.jdbcUrl());
    Publisher.createTopic(kafka.bootstrapServers(), PARTITIONS);
    ExpectedTables expected = new ExpectedTables();
    try (Publisher one = new Publisher(kafka.bootstrapServers(), "one", "a", PARTITIONS);
        Publisher two = new Publisher(kafka.bootstrapServers(), "two", "a", PARTITIONS)) {
      new Traffic(11, expected, Instant.now().toEpochMilli() * 1_000, CLIENTS)
          .send(DECISIONS, List.of(one, two));
      try (RunningAuditor _ = RunningAuditor.start(state, kafka, sql.jdbcUrl(), PARTITIONS)) {
        await().atMost(Duration.ofMinutes(4)).ignoreExceptions().until(() -> expected.isWhole(sql));
      }
    }
    sql.execute("VACUUM FULL ANALYZE");
    report(sql);
    report(TopicReader.all(kafka.bootstrapServers(), Topics.BLOCK_RATES));
    assertThat(sql.rows(TABLES)).isNotEmpty();
  }

  private static void report(Sql sql) {
    long rows = 0;
    long bytes = 0;
    for (String table : sql.rows(TABLES)) {
      String[] parts = table.split("\\|");
      report("`" + parts[0] + "`", Long.parseLong(parts[1]), Long.parseLong(parts[2]));
      rows += Long.parseLong(parts[1]);
      bytes += Long.parseLong(parts[2]);
    }
    report("all tables", rows, bytes);
  }

  /** Values are published each second, so that their number depends on the speed of the run. */
  private static void report(List<ConsumerRecord<byte[], byte[]>> records) {
    long bytes =
        records.stream()
            .mapToLong(record -> record.serializedKeySize() + record.serializedValueSize())
            .sum();
    report("block-rates topic, uncompressed", records.size(), bytes);
  }

  private static void report(String where, long rows, long bytes) {
    REPORT.line(
        "| %s | %,d | %.3f | %.0f | %.1f |",
        where, rows, rows / (double) DECISIONS, bytes / (double) rows, bytes / (double) DECISIONS);
  }
}
