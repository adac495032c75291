package io.ratelimiter.auditor.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ratelimiter.auditor.Sql;
import io.ratelimiter.localstack.PostgresServer;
import io.ratelimiter.localstack.junit.LocalStack;
import io.ratelimiter.schemas.AuditWriter;
import io.ratelimiter.schemas.MinuteRow;
import io.ratelimiter.schemas.MinuteRow.Dimensions;
import io.ratelimiter.schemas.MinuteRow.Figures;
import io.ratelimiter.schemas.MinuteRow.Latencies;
import io.ratelimiter.schemas.SeriesReport;
import io.ratelimiter.schemas.Topics;
import io.ratelimiter.schemas.Watermark;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;

@LocalStack
class TablesIT {

  private static final AtomicInteger DATABASES = new AtomicInteger();
  private static final Instant NOON = Instant.parse("2026-03-20T12:00:00Z");
  private static final long MINUTE = NOON.getEpochSecond();
  private static final long DAY = 86_400;
  private static final AuditWriter WRITER = new AuditWriter();

  private Sql sql;
  private PGSimpleDataSource database;
  private Tables tables;
  private Refusals refusals;
  private final List<String> setAside = new ArrayList<>();

  @BeforeEach
  void createSchema(PostgresServer postgres) throws SQLException {
    String url = postgres.createDatabase("tables_" + DATABASES.incrementAndGet());
    sql = new Sql(url);
    database = new PGSimpleDataSource();
    database.setUrl(url);
    openAt(NOON);
  }

  private void openAt(Instant now) throws SQLException {
    Days days = new Days(Clock.fixed(now, ZoneOffset.UTC), new StoreProperties("unused", 14, 90));
    new Schema(database, days).prepare();
    tables = new Tables(database, days, new Generations());
    refusals =
        new Refusals(tables, (origin, record, reason) -> setAside.add(origin + ": " + reason));
  }

  @Test
  void aRowIsWrittenOverAnOlderOneOnly() throws SQLException {
    write(row("c", MINUTE, 3, 1, 5));
    write(row("c", MINUTE, 2, 1, 4));
    write(row("c", MINUTE, 3, 1, 99));
    assertThat(allowed("client_id = 'c'")).isEqualTo("5");

    write(row("c", MINUTE, 4, 1, 6));
    assertThat(allowed("client_id = 'c'")).isEqualTo("6");
    write(row("c", MINUTE, 1, 2, 1));
    assertThat(allowed("client_id = 'c'")).isEqualTo("1");
    write(row("c", MINUTE, 9, 1, 9));
    assertThat(allowed("client_id = 'c'")).isEqualTo("1");
  }

  @Test
  void theBlockRateIsNullWhereNothingWasDecided() throws SQLException {
    write(row("c", MINUTE, 1, 1, 3));
    write(row("idle", MINUTE, 1, 1, 0));

    assertThat(
            sql.rows(
                """
                SELECT client_id, block_rate FROM audit.rate_limit_metrics ORDER BY client_id
                """))
        .containsExactly("c|0", "idle|null");
  }

  @Test
  void oldDaysAreDroppedAndTheirRowsAreNotWrittenAgain() throws SQLException {
    write(row("old", MINUTE - 14 * DAY, 1, 1, 1), total(MINUTE - 14 * DAY, 1, 1, 1, 0));
    write(row("new", MINUTE, 1, 1, 1), total(MINUTE, 1, 1, 1, 0));

    openAt(NOON.plusSeconds(DAY));
    write(row("old", MINUTE - 14 * DAY, 2, 1, 2));

    assertThat(sql.rows("SELECT client_id FROM audit.rate_limit_metrics")).containsExactly("new");
    assertThat(sql.one("SELECT count(*) FROM audit.rate_limit_totals")).isEqualTo("2");
    assertThat(sql.one("SELECT to_regclass('audit.rate_limit_metrics_20260324') IS NOT NULL"))
        .as("made ahead")
        .isEqualTo("t");
  }

  @Test
  void aHigherGenerationDeletesWhatItDidNotWriteOverOnceItClosesTheMinute() throws SQLException {
    write(row("stays", MINUTE, 1, 1, 1), total(MINUTE, 1, 1, 5, 0));
    write(row("wrong", MINUTE, 1, 1, 1), total(MINUTE + 60, 1, 1, 5, 0));
    write(row("unseen", MINUTE - 120, 1, 1, 1), total(MINUTE - 120, 1, 1, 5, 0));

    write(row("stays", MINUTE, 1, 2, 2), total(MINUTE, 1, 2, 7, 0));
    write(watermark(2, 1, MINUTE, MINUTE - 60));
    assertThat(sql.one("SELECT count(*) FROM audit.rate_limit_metrics")).isEqualTo("3");
    write(watermark(2, 2, MINUTE + 60, MINUTE - 60));

    assertThat(sql.rows("SELECT client_id FROM audit.rate_limit_metrics ORDER BY 1"))
        .containsExactly("stays", "unseen");
    assertThat(
            sql.rows(
                "SELECT generation, allowed_count FROM audit.rate_limit_totals ORDER BY window_start"))
        .containsExactly("1|5", "2|7", "1|5");
  }

  @Test
  void aMinuteIsFinalOnceEveryPartitionHasClosedIt() throws SQLException {
    write(total(MINUTE, 1, 1, 5, 0));
    write(watermark(1, 1, MINUTE + 60, 0));
    assertThat(sql.one("SELECT final FROM audit.block_rate_by_minute")).isEqualTo("f");

    write(new Watermark(1, 1, 1, 2, MINUTE * 1000, MINUTE + 60, 0));

    assertThat(sql.one("SELECT final FROM audit.block_rate_by_minute")).isEqualTo("t");
    assertThat(sql.one("SELECT final FROM audit.block_rate_by_hour")).isEqualTo("f");
  }

  @Test
  void viewsAddUpOverPartitionsAndQuantilesOverRows() throws SQLException {
    write(total(MINUTE, 1, 1, 5, 0), total(MINUTE, 1, 1, 7, 1), total(MINUTE + 60, 1, 1, 1, 1));

    assertThat(
            sql.rows("SELECT allowed_count FROM audit.block_rate_by_minute ORDER BY window_start"))
        .containsExactly("12", "1");
    assertThat(
            sql.one("SELECT hour AT TIME ZONE 'UTC', allowed_count FROM audit.block_rate_by_hour"))
        .isEqualTo("2026-03-20 12:00:00|13");
    assertThat(sql.one("SELECT day AT TIME ZONE 'UTC', allowed_count FROM audit.block_rate_by_day"))
        .isEqualTo("2026-03-20 00:00:00|13");
    assertThat(
            sql.one(
                """
                SELECT round(audit.latency_us(0.5, to_timestamp(0), now() + interval '99 years'))
                """))
        .isEqualTo(String.valueOf(Math.round(Math.pow(1.02 / 0.98, 100) * 1.02)));
  }

  @Test
  void aRowThatPostgresRefusesForGoodIsFoundAndSetAsideAndAllOthersAreWritten()
      throws SQLException {
    sql.execute(
        """
        CREATE FUNCTION wide(text) RETURNS text LANGUAGE sql IMMUTABLE AS
        $$ SELECT string_agg(md5($1 || i), '') FROM generate_series(1, 300) i $$;
        CREATE INDEX ON audit.rate_limit_metrics (wide(client_id)) WHERE client_id = 'wide';
        ALTER TABLE audit.rate_limit_metrics ADD CHECK (client_id <> 'forbidden');
        """);
    List<ConsumerRecord<byte[], byte[]>> batch = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      batch.add(
          record(i, row(i == 13 ? "wide" : i == 77 ? "forbidden" : "c" + i, MINUTE, 1, 1, 1)));
    }
    batch.add(new ConsumerRecord<>(Topics.COMPLETENESS, 3, 5, null, "{}".getBytes(UTF_8)));
    batch.add(record(100, total(MINUTE, 1, 1, 98, 0)));

    assertThat(refusals.write(batch)).isEqualTo(99);

    assertThat(sql.one("SELECT count(*) FROM audit.rate_limit_metrics")).isEqualTo("98");
    assertThat(sql.one("SELECT allowed_count FROM audit.rate_limit_totals")).isEqualTo("98");
    assertThat(setAside)
        .satisfiesExactlyInAnyOrder(
            one ->
                assertThat(one)
                    .isEqualTo(
                        "ratelimiter.completeness.v1-3@5: schema_version is missing or not a whole number"),
            one ->
                assertThat(one)
                    .startsWith(
                        "ratelimiter.block-rates.v1-0@13: SQLSTATE 54000: ERROR: index row"),
            one ->
                assertThat(one)
                    .startsWith("ratelimiter.block-rates.v1-0@77: SQLSTATE 23514: ERROR: new row"));
  }

  @Test
  void rowsThatTheDatabaseTemporarilyRefusesAreNotSetAside() {
    sql.execute("DROP TABLE audit.series CASCADE");
    List<ConsumerRecord<byte[], byte[]>> batch =
        List.of(record(0, row("c", MINUTE, 1, 1, 1)), record(Long.MAX_VALUE, "i"));

    assertThatThrownBy(() -> refusals.write(batch))
        .isInstanceOfSatisfying(
            SQLException.class, fault -> assertThat(fault.getSQLState()).isEqualTo("42P01"));

    assertThat(setAside).isEmpty();
    assertThat(sql.one("SELECT count(*) FROM audit.rate_limit_metrics")).isEqualTo("0");
  }

  @Test
  void aDayPartitionThatWasDroppedByHandIsCreatedAgain() throws SQLException {
    refusals.write(List.of(record(0, row("c", MINUTE, 1, 1, 1))));
    sql.execute("DROP TABLE audit.rate_limit_metrics_20260320");

    refusals.write(List.of(record(1, row("c", MINUTE, 2, 1, 7))));

    assertThat(allowed("client_id = 'c'")).isEqualTo("7");
    assertThat(setAside).isEmpty();
  }

  @Test
  void anAnalystsQueryOnAnOldDayBlocksNeitherNewDaysNorRows() throws SQLException {
    write(row("old", MINUTE - 14 * DAY, 1, 1, 1));
    try (Connection analyst = database.getConnection();
        Statement reading = analyst.createStatement()) {
      analyst.setAutoCommit(false);
      reading.execute("SELECT count(*) FROM audit.rate_limit_metrics");

      openAt(NOON.plusSeconds(DAY));
      write(row("new", MINUTE + 3 * DAY, 1, 1, 1), row("newer", MINUTE + 9 * DAY, 1, 1, 1));

      assertThat(sql.rows("SELECT client_id FROM audit.rate_limit_metrics ORDER BY 1"))
          .containsExactly("new", "newer", "old");
    }
    openAt(NOON.plusSeconds(DAY));
    assertThat(sql.rows("SELECT client_id FROM audit.rate_limit_metrics ORDER BY 1"))
        .containsExactly("new", "newer");
  }

  @Test
  void aDayIsIndexedAndComputedAsItsTableIs() throws SQLException {
    write(row("c", MINUTE, 1, 1, 3));

    assertThat(
            sql.one(
                """
                SELECT count(*) FROM pg_inherits JOIN pg_index ON inhrelid = indexrelid
                WHERE indrelid = 'audit.rate_limit_metrics_20260320'::regclass
                """))
        .as("the primary key and the index of blocks, as parts of the table's")
        .isEqualTo("2");
    assertThat(
            sql.one(
                """
                SELECT count(*) FROM pg_index
                WHERE indrelid = 'audit.rate_limit_metrics_20260320'::regclass
                """))
        .isEqualTo("2");
    assertThat(sql.rowsAs("analyst", "SELECT block_rate FROM audit.rate_limit_metrics_20260320"))
        .containsExactly("0");
  }

  @Test
  void seriesThatClaimTheGreatestNumbersDoNotEndTheCompletenessOfOthers() {
    sql.execute(
        """
        INSERT INTO audit.series
        SELECT instance, epoch, 0, 1, 1, n, n, n, n, n, n, n, n, n, n, false, null, now()
        FROM (VALUES ('forged', 'a', 9223372036854775807), ('forged', 'b', 9223372036854775807),
                     ('ours', 'a', 7)) AS v (instance, epoch, n)
        """);

    assertThat(sql.rows("SELECT instance, issued, lost FROM audit.audit_completeness ORDER BY 1"))
        .containsExactly("forged|9223372036854775807|9223372036854775807", "ours|7|7");
  }

  private static ConsumerRecord<byte[], byte[]> record(long offset, MinuteRow row) {
    return new ConsumerRecord<>(Topics.BLOCK_RATES, 0, offset, null, WRITER.value(row));
  }

  private static ConsumerRecord<byte[], byte[]> record(long offset, String instance) {
    SeriesReport report =
        new SeriesReport(
            instance, "a", 0, 1, 1, 1, 1, 0, 0, 1, 0, 1, 0, 0, 0, false, null, MINUTE * 1000);
    return new ConsumerRecord<>(Topics.COMPLETENESS, 0, offset, null, WRITER.series(report));
  }

  private String allowed(String where) {
    return sql.one("SELECT allowed_count FROM audit.rate_limit_metrics WHERE " + where);
  }

  private void write(MinuteRow... rows) throws SQLException {
    List<MinuteRow> all = List.of(rows);
    tables.write(
        new Batch(
            all.stream().filter(row -> row.dimensions().clientId() != null).toList(),
            all.stream().filter(row -> row.dimensions().clientId() == null).toList(),
            List.of(),
            List.of()));
  }

  private void write(Watermark watermark) throws SQLException {
    tables.write(new Batch(List.of(), List.of(), List.of(), List.of(watermark)));
  }

  private static Watermark watermark(
      int generation, long revision, long closedBefore, long wholeFrom) {
    return new Watermark(0, generation, revision, 2, closedBefore * 1000, closedBefore, wholeFrom);
  }

  private static MinuteRow row(
      String client, long windowStart, long revision, int generation, long allowed) {
    return new MinuteRow(
        new Dimensions(windowStart, "default", client, "global", "default", "token_bucket"),
        figures(windowStart, allowed, null),
        0,
        generation,
        revision);
  }

  private static MinuteRow total(
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
}
