package io.ratelimiter.auditor.store.tables;

import io.ratelimiter.auditor.Sql;
import io.ratelimiter.localstack.PostgresServer;
import io.ratelimiter.schemas.audit.AuditWriter;
import io.ratelimiter.schemas.audit.MinuteRow;
import io.ratelimiter.schemas.audit.MinuteRow.Dimensions;
import io.ratelimiter.schemas.audit.MinuteRow.Figures;
import io.ratelimiter.schemas.audit.MinuteRow.Latencies;
import io.ratelimiter.schemas.audit.SeriesReport;
import io.ratelimiter.schemas.audit.Watermark;
import io.ratelimiter.schemas.topics.Topics;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.postgresql.ds.PGSimpleDataSource;

/** The schema in a new database of its own, and rows to write. */
public final class TablesFixture {

  static final Instant NOON = Instant.parse("2026-03-20T12:00:00Z");
  public static final long MINUTE = NOON.getEpochSecond();
  static final long DAY = 86_400;

  private static final AtomicInteger DATABASES = new AtomicInteger();
  private static final AuditWriter WRITER = new AuditWriter();

  private final Sql sql;
  private final PGSimpleDataSource database = new PGSimpleDataSource();
  private Tables tables;

  public TablesFixture(PostgresServer postgres) throws SQLException {
    String url = postgres.createDatabase("tables_" + DATABASES.incrementAndGet());
    sql = new Sql(url);
    database.setUrl(url);
    openAt(NOON);
  }

  /** Migrates the schema and opens the tables at this time. */
  void openAt(Instant now) throws SQLException {
    DayPartitions days = new DayPartitions(Clock.fixed(now, ZoneOffset.UTC), 14, 90);
    new Schema(database, days).migrate();
    tables = new Tables(database, days);
  }

  public Sql sql() {
    return sql;
  }

  DataSource database() {
    return database;
  }

  public Tables tables() {
    return tables;
  }

  /** {@code allowed_count} of the rows of clients with this condition. */
  public String allowed(String where) {
    return sql.one("SELECT allowed_count FROM audit.rate_limit_metrics WHERE " + where);
  }

  void write(MinuteRow... rows) throws SQLException {
    List<MinuteRow> all = List.of(rows);
    tables.write(
        new Batch(
            all.stream().filter(row -> row.dimensions().clientId() != null).toList(),
            all.stream().filter(row -> row.dimensions().clientId() == null).toList(),
            List.of(),
            List.of()));
  }

  void write(Watermark watermark) throws SQLException {
    tables.write(new Batch(List.of(), List.of(), List.of(), List.of(watermark)));
  }

  void write(SeriesReport report) throws SQLException {
    tables.write(new Batch(List.of(), List.of(), List.of(report), List.of()));
  }

  static Watermark watermark(int generation, long revision, long closedBefore, long wholeFrom) {
    return new Watermark(0, generation, revision, 2, closedBefore * 1000, closedBefore, wholeFrom);
  }

  public static MinuteRow row(
      String client, long windowStart, long revision, int generation, long allowed) {
    return new MinuteRow(
        new Dimensions(windowStart, "default", client, "global", "default", "token_bucket"),
        figures(windowStart, allowed, null),
        0,
        generation,
        revision);
  }

  public static MinuteRow total(
      long windowStart, long revision, int generation, long allowed, int partition) {
    return new MinuteRow(
        new Dimensions(windowStart, "default", null, "*", "default", "token_bucket"),
        figures(windowStart, allowed, new Latencies(List.of(100), List.of(allowed))),
        partition,
        generation,
        revision);
  }

  private static Figures figures(long windowStart, long allowed, Latencies latency) {
    long at = windowStart * 1_000_000;
    return new Figures(allowed, 0, 0, 0, 0, 0, 0, allowed, 0, 100, 100, at, at, latency);
  }

  public static ConsumerRecord<byte[], byte[]> record(long offset, MinuteRow row) {
    return new ConsumerRecord<>(Topics.BLOCK_RATES, 0, offset, null, WRITER.value(row));
  }

  public static ConsumerRecord<byte[], byte[]> record(long offset, String instance) {
    SeriesReport report =
        new SeriesReport(
            instance, "a", 0, 1, 1, 1, 1, 0, 0, 1, 0, 1, 0, 0, 0, false, null, MINUTE * 1000, null);
    return new ConsumerRecord<>(Topics.COMPLETENESS, 0, offset, null, WRITER.series(report));
  }
}
