package io.ratelimiter.auditor.store.tables;

import io.ratelimiter.schemas.audit.MinuteRow;
import io.ratelimiter.schemas.audit.MinuteRow.Figures;
import io.ratelimiter.schemas.audit.MinuteRow.Latencies;
import io.ratelimiter.schemas.audit.SeriesReport;
import io.ratelimiter.schemas.audit.SeriesReport.Span;
import io.ratelimiter.schemas.audit.SeriesReport.Times;
import io.ratelimiter.schemas.audit.Watermark;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Writes the tables of the schema {@code audit}. A row overwrites only one with a lower
 * (generation, revision), so that duplicates and late rows change nothing.
 */
public final class Tables {

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
    if (!totals.isEmpty()) {
      totals(totals).execute(connection, Statements.TOTALS);
    }
    if (!clients.isEmpty()) {
      clients(clients).execute(connection, Statements.CLIENTS);
    }
    if (!batch.series().isEmpty()) {
      series(batch.series()).execute(connection, Statements.SERIES);
    }
    if (!batch.watermarks().isEmpty()) {
      generations.deleteReplaced(batch.watermarks(), connection);
      watermarks(batch.watermarks()).execute(connection, Statements.WATERMARKS);
    }
    return clients.size() + totals.size() + batch.series().size() + batch.watermarks().size();
  }

  private static Columns<MinuteRow> clients(List<MinuteRow> rows) {
    Columns<MinuteRow> columns =
        new Columns<>(rows)
            .numbers(row -> row.dimensions().windowStart())
            .texts(row -> row.dimensions().tenant())
            .texts(row -> row.dimensions().clientId());
    return figures(columns);
  }

  private static Columns<MinuteRow> totals(List<MinuteRow> rows) {
    Columns<MinuteRow> columns =
        new Columns<>(rows)
            .numbers(row -> row.dimensions().windowStart())
            .texts(row -> row.dimensions().tenant());
    return figures(columns)
        .texts(row -> array(row.figures().latency(), Latencies::buckets))
        .texts(row -> array(row.figures().latency(), Latencies::counts));
  }

  private static Columns<MinuteRow> figures(Columns<MinuteRow> columns) {
    return columns
        .texts(row -> row.dimensions().limitKey())
        .texts(row -> row.dimensions().rule())
        .texts(row -> row.dimensions().algorithm())
        .smalls(MinuteRow::partition)
        .smalls(MinuteRow::generation)
        .numbers(MinuteRow::revision)
        .numbers(of(Figures::allowed))
        .numbers(of(Figures::blocked))
        .numbers(of(Figures::error))
        .numbers(of(Figures::degraded))
        .numbers(of(Figures::late))
        .numbers(of(Figures::shadowChecked))
        .numbers(of(Figures::shadowBlocked))
        .numbers(of(Figures::costAllowed))
        .numbers(of(Figures::costBlocked))
        .numbers(of(Figures::latencySumMicros))
        .numbers(of(Figures::latencyMaxMicros))
        .numbers(of(Figures::firstEventMicros))
        .numbers(of(Figures::lastEventMicros));
  }

  private static Function<MinuteRow, @Nullable Long> of(Function<Figures, @Nullable Long> figure) {
    return row -> figure.apply(row.figures());
  }

  /** An array as text, since {@code unnest} expands nested arrays. */
  private static String array(
      @Nullable Latencies latency, Function<Latencies, Collection<? extends Number>> part) {
    return latency == null ? "{}" : array(part.apply(latency).stream());
  }

  private static String array(Stream<? extends Number> numbers) {
    return numbers.map(Number::toString).collect(Collectors.joining(",", "{", "}"));
  }

  private static Columns<SeriesReport> series(List<SeriesReport> reports) {
    return new Columns<>(reports)
        .texts(SeriesReport::instance)
        .texts(SeriesReport::epoch)
        .smalls(SeriesReport::partition)
        .smalls(SeriesReport::generation)
        .numbers(SeriesReport::revision)
        .numbers(SeriesReport::issued)
        .numbers(SeriesReport::acked)
        .numbers(SeriesReport::spooled)
        .numbers(SeriesReport::dropped)
        .numbers(SeriesReport::settledSeq)
        .numbers(SeriesReport::settledDropped)
        .numbers(SeriesReport::received)
        .numbers(SeriesReport::lost)
        .numbers(SeriesReport::duplicate)
        .numbers(SeriesReport::overflowed)
        .flags(SeriesReport::closed)
        .flags(SeriesReport::unknownTail)
        .numbers(SeriesReport::lastRecordMillis)
        .texts(spans(Times::missing, Span::count))
        .texts(spans(Times::missing, Span::afterMicros))
        .texts(spans(Times::missing, Span::beforeMicros))
        .texts(spans(Times::late, Span::count))
        .texts(spans(Times::late, Span::afterMicros))
        .texts(spans(Times::late, Span::beforeMicros))
        .numbers(report -> report.times() == null ? null : report.times().tailAfterMicros())
        .numbers(report -> report.times() == null ? null : report.times().tailBeforeMicros());
  }

  private static Function<SeriesReport, @Nullable String> spans(
      Function<Times, List<Span>> which, Function<Span, Long> number) {
    return report ->
        report.times() == null ? null : array(which.apply(report.times()).stream().map(number));
  }

  private static Columns<Watermark> watermarks(List<Watermark> watermarks) {
    return new Columns<>(watermarks)
        .smalls(Watermark::partition)
        .smalls(Watermark::generation)
        .numbers(Watermark::revision)
        .smalls(Watermark::partitions)
        .numbers(Watermark::appendHighMillis)
        .numbers(Watermark::closedBefore)
        .numbers(Watermark::wholeFrom);
  }
}
