package io.ratelimiter.auditor.store.tables;

import io.ratelimiter.auditor.Sql;
import io.ratelimiter.localstack.PostgresServer;
import io.ratelimiter.schemas.audit.AuditRow;
import io.ratelimiter.schemas.audit.AuditWriter;
import io.ratelimiter.schemas.audit.Dimensions;
import io.ratelimiter.schemas.audit.Figure;
import io.ratelimiter.schemas.audit.Figures;
import io.ratelimiter.schemas.audit.Kind;
import io.ratelimiter.schemas.audit.Latencies;
import io.ratelimiter.schemas.audit.SeriesReport;
import io.ratelimiter.schemas.audit.Tombstone;
import io.ratelimiter.schemas.audit.Watermark;
import io.ratelimiter.schemas.topics.Topics;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
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

  /** Records of replaced generations, which were not written. */
  final List<Tombstone> replaced = new ArrayList<>();

  public TablesFixture(PostgresServer postgres) throws SQLException {
    String url = postgres.createDatabase("tables_" + DATABASES.incrementAndGet());
    sql = new Sql(url);
    database.setUrl(url);
    openAt(NOON);
  }

  /** Migrates the schema and opens the tables at this time. */
  void openAt(Instant now) throws SQLException {
    Retention retention = new Retention(Clock.fixed(now, ZoneOffset.UTC), 14, 90);
    DayPartitions days = new DayPartitions(retention);
    new Schema(database, days).migrate();
    tables = new Tables(database, days, replaced::addAll);
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

  void write(AuditRow... rows) throws SQLException {
    tables.write(new Batch(List.of(rows), List.of(), List.of(), List.of()));
  }

  /** Writes a row whose watermark is not in the batch. */
  void writeAhead(AuditRow row) throws SQLException {
    tables.write(new Batch(List.of(row), List.of(), List.of(), List.of(row)));
  }

  void write(Watermark watermark) throws SQLException {
    tables.write(new Batch(List.of(), List.of(), List.of(watermark), List.of()));
  }

  void write(SeriesReport report) throws SQLException {
    tables.write(new Batch(List.of(), List.of(report), List.of(), List.of()));
  }

  static Watermark watermark(int generation, long revision, long closedBefore, long wholeFrom) {
    return new Watermark(
        Topics.DECISIONS,
        0,
        generation,
        revision,
        2,
        closedBefore * 1000,
        closedBefore,
        wholeFrom,
        revision);
  }

  public static AuditRow row(
      String client, long windowStart, long revision, int generation, long allowed) {
    return row(
        Dimensions.of(
            Kind.CLIENT,
            windowStart,
            0,
            "",
            "default",
            client,
            "global",
            "default",
            "token_bucket"),
        Map.of(Figure.ALLOWED_COUNT, allowed),
        0,
        generation,
        revision);
  }

  public static AuditRow total(
      long windowStart, long revision, int generation, long allowed, int partition) {
    return row(
        new Dimensions(
            Kind.TOTAL, windowStart, 0, 1, List.of("", "default", "*", "default", "token_bucket")),
        Map.of(Figure.ALLOWED_COUNT, allowed),
        partition,
        generation,
        revision);
  }

  /** A row with these figures and an event at its start. */
  static AuditRow row(
      Dimensions dimensions,
      Map<Figure, Long> figures,
      int partition,
      int generation,
      long revision) {
    Map<Figure, Long> all = new EnumMap<>(figures);
    all.put(Figure.FIRST_EVENT_US, dimensions.start() * 1_000_000);
    all.put(Figure.LAST_EVENT_US, dimensions.start() * 1_000_000);
    long allowed = Math.max(1, figures.getOrDefault(Figure.ALLOWED_COUNT, 0L));
    return new AuditRow(
        dimensions,
        Figures.of(all),
        dimensions.kind() == Kind.TOTAL ? new Latencies(List.of(100), List.of(allowed)) : null,
        List.of(),
        Topics.DECISIONS,
        partition,
        generation,
        revision);
  }

  public static ConsumerRecord<byte[], byte[]> record(long offset, AuditRow row) {
    return new ConsumerRecord<>(Topics.BLOCK_RATES, 0, offset, null, WRITER.value(row));
  }

  public static ConsumerRecord<byte[], byte[]> record(long offset, String instance) {
    SeriesReport report =
        new SeriesReport(
            Topics.DECISIONS,
            instance,
            "a",
            0,
            1,
            1,
            1,
            1,
            0,
            0,
            1,
            0,
            1,
            0,
            0,
            0,
            false,
            null,
            MINUTE * 1000,
            null);
    return new ConsumerRecord<>(Topics.COMPLETENESS, 0, offset, null, WRITER.series(report));
  }
}
