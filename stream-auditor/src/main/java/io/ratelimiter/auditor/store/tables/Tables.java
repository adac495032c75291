package io.ratelimiter.auditor.store.tables;

import io.ratelimiter.schemas.audit.MinuteRow;
import io.ratelimiter.schemas.audit.MinuteRow.Figures;
import io.ratelimiter.schemas.audit.MinuteRow.Latencies;
import io.ratelimiter.schemas.audit.SeriesReport;
import io.ratelimiter.schemas.audit.Watermark;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.function.Function;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Writes the tables of the schema {@code audit}. A row overwrites only one with a lower
 * (generation, revision), so that duplicates and late rows change nothing.
 */
public final class Tables {

  private static final Upsert CLIENTS =
      Upsert.into(
          "audit.rate_limit_metrics",
          "window_start",
          "tenant",
          "client_id",
          "limit_key",
          "rule",
          "algorithm");
  private static final Upsert TOTALS =
      Upsert.into(
          "audit.rate_limit_totals",
          "window_start",
          "tenant",
          "limit_key",
          "rule",
          "algorithm",
          "partition");
  private static final Upsert SERIES =
      Upsert.into("audit.series", "instance", "epoch", "partition");
  private static final Upsert WATERMARKS = Upsert.into("audit.watermarks", "partition");

  private final DataSource database;
  private final DayPartitions days;
  private final GenerationCleanup generations = new GenerationCleanup();

  public Tables(DataSource database, DayPartitions days) {
    this.database = database;
    this.days = days;
  }

  /**
   * Writes a batch in one transaction. Blocks.
   *
   * @return rows sent
   */
  public int write(Batch batch) throws SQLException {
    try (Connection connection = database.getConnection()) {
      connection.setAutoCommit(false);
      try {
        int rows = write(batch, connection);
        connection.commit();
        return rows;
      } catch (SQLException | RuntimeException e) {
        connection.rollback();
        days.invalidate();
        generations.invalidate();
        throw e;
      } finally {
        connection.setAutoCommit(true);
      }
    }
  }

  private int write(Batch batch, Connection connection) throws SQLException {
    List<MinuteRow> clients =
        days.writable(batch.clients(), DayPartitions.Table.METRICS, connection);
    List<MinuteRow> totals = days.writable(batch.totals(), DayPartitions.Table.TOTALS, connection);
    totals(totals).write(connection, TOTALS);
    clients(clients).write(connection, CLIENTS);
    series(batch.series()).write(connection, SERIES);
    if (!batch.watermarks().isEmpty()) {
      generations.deleteReplaced(batch.watermarks(), connection);
      watermarks(batch.watermarks()).write(connection, WATERMARKS);
    }
    return clients.size() + totals.size() + batch.series().size() + batch.watermarks().size();
  }

  private static Columns<MinuteRow> clients(List<MinuteRow> rows) {
    Columns<MinuteRow> columns =
        new Columns<>(rows)
            .seconds("window_start", row -> row.dimensions().windowStart())
            .texts("tenant", row -> row.dimensions().tenant())
            .texts("client_id", row -> row.dimensions().clientId());
    return figures(columns);
  }

  private static Columns<MinuteRow> totals(List<MinuteRow> rows) {
    Columns<MinuteRow> columns =
        new Columns<>(rows)
            .seconds("window_start", row -> row.dimensions().windowStart())
            .texts("tenant", row -> row.dimensions().tenant());
    return figures(columns)
        .arrays("latency_buckets", "integer", row -> latencies(row, Latencies::buckets))
        .arrays("latency_counts", "bigint", row -> latencies(row, Latencies::counts));
  }

  private static Columns<MinuteRow> figures(Columns<MinuteRow> columns) {
    return columns
        .texts("limit_key", row -> row.dimensions().limitKey())
        .texts("rule", row -> row.dimensions().rule())
        .texts("algorithm", row -> row.dimensions().algorithm())
        .smalls("partition", MinuteRow::partition)
        .smalls("generation", MinuteRow::generation)
        .numbers("revision", MinuteRow::revision)
        .numbers("allowed_count", of(Figures::allowed))
        .numbers("blocked_count", of(Figures::blocked))
        .numbers("error_count", of(Figures::error))
        .numbers("degraded_count", of(Figures::degraded))
        .numbers("late_count", of(Figures::late))
        .numbers("shadow_checked_count", of(Figures::shadowChecked))
        .numbers("shadow_blocked_count", of(Figures::shadowBlocked))
        .numbers("cost_allowed", of(Figures::costAllowed))
        .numbers("cost_blocked", of(Figures::costBlocked))
        .numbers("latency_sum_us", of(Figures::latencySumMicros))
        .numbers("latency_max_us", of(Figures::latencyMaxMicros))
        .micros("first_event_at", of(Figures::firstEventMicros))
        .micros("last_event_at", of(Figures::lastEventMicros));
  }

  private static Function<MinuteRow, @Nullable Long> of(Function<Figures, @Nullable Long> figure) {
    return row -> figure.apply(row.figures());
  }

  private static <N extends Number> Collection<N> latencies(
      MinuteRow row, Function<Latencies, ? extends Collection<N>> part) {
    Latencies latency = row.figures().latency();
    return latency == null ? List.of() : part.apply(latency);
  }

  private static Columns<SeriesReport> series(List<SeriesReport> reports) {
    return new Columns<>(reports)
        .texts("instance", SeriesReport::instance)
        .texts("epoch", SeriesReport::epoch)
        .smalls("partition", SeriesReport::partition)
        .smalls("generation", SeriesReport::generation)
        .numbers("revision", SeriesReport::revision)
        .numbers("issued", SeriesReport::issued)
        .numbers("acked", SeriesReport::acked)
        .numbers("spooled", SeriesReport::spooled)
        .numbers("dropped", SeriesReport::dropped)
        .numbers("settled_seq", SeriesReport::settledSeq)
        .numbers("settled_dropped", SeriesReport::settledDropped)
        .numbers("received", SeriesReport::received)
        .numbers("lost", SeriesReport::lost)
        .numbers("duplicate", SeriesReport::duplicate)
        .numbers("overflowed", SeriesReport::overflowed)
        .flags("closed", SeriesReport::closed)
        .flags("unknown_tail", SeriesReport::unknownTail)
        .millis("last_word_at", SeriesReport::lastRecordMillis);
  }

  private static Columns<Watermark> watermarks(List<Watermark> watermarks) {
    return new Columns<>(watermarks)
        .smalls("partition", Watermark::partition)
        .smalls("generation", Watermark::generation)
        .numbers("revision", Watermark::revision)
        .smalls("partitions", Watermark::partitions)
        .millis("append_high_at", Watermark::appendHighMillis)
        .seconds("closed_before", Watermark::closedBefore)
        .seconds("whole_from", Watermark::wholeFrom);
  }
}
