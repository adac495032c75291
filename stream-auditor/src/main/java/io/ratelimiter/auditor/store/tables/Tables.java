package io.ratelimiter.auditor.store.tables;

import static java.util.stream.Collectors.toSet;

import io.ratelimiter.auditor.store.tables.ServedGenerations.Counted;
import io.ratelimiter.auditor.store.tables.UnservedRows.Tombstones;
import io.ratelimiter.runtime.Transaction;
import io.ratelimiter.schemas.audit.AuditRow;
import io.ratelimiter.schemas.audit.BlockRateRecord;
import io.ratelimiter.schemas.audit.SeriesReport;
import io.ratelimiter.schemas.audit.SeriesReport.Span;
import io.ratelimiter.schemas.audit.SeriesReport.Times;
import io.ratelimiter.schemas.audit.Tombstone;
import io.ratelimiter.schemas.audit.Watermark;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Writes the tables of the schema {@code audit}. A row overwrites only one with a lower revision,
 * so that duplicates and late rows change nothing. Rows of a generation that a higher one has
 * replaced are not written.
 */
public final class Tables {

  private static final Upsert SERIES =
      Upsert.into("audit.series", "topic", "instance", "epoch", "partition", "generation");
  private static final Upsert WATERMARKS =
      Upsert.into("audit.watermarks", "topic", "partition", "generation");

  private final DataSource database;
  private final DayPartitions days;
  private final Tombstones tombstones;
  private final TopicNumbers topics = new TopicNumbers();

  /**
   * @param tombstones receives the records of replaced generations, which are not written
   */
  public Tables(DataSource database, DayPartitions days, Tombstones tombstones) {
    this.database = database;
    this.days = days;
    this.tombstones = tombstones;
  }

  /**
   * Writes a batch in one transaction. Blocks.
   *
   * @return rows sent
   */
  public int write(Batch batch) throws SQLException {
    try {
      return Transaction.commit(database, connection -> write(batch, connection));
    } catch (SQLException | RuntimeException e) {
      days.invalidate();
      topics.invalidate();
      throw e;
    }
  }

  private int write(Batch batch, Connection connection) throws SQLException {
    Map<String, Integer> numbers = topicNumbers(batch, connection);
    ServedGenerations served = ServedGenerations.lock(counted(concat(batch), numbers), connection);
    Batch current = current(batch, served, numbers);
    int sent = current.series().size() + current.watermarks().size();
    for (Table table : Table.values()) {
      List<AuditRow> rows = days.writable(current.rows(table.kind()), table, connection);
      RowColumns.of(table.kind(), rows, numbers).write(connection, table.upsert());
      sent += rows.size();
    }
    series(current.series(), numbers).write(connection, SERIES);
    watermarks(current.watermarks(), numbers).write(connection, WATERMARKS);
    markRowsAhead(batch, served, numbers, connection);
    return sent;
  }

  private static void markRowsAhead(
      Batch batch, ServedGenerations served, Map<String, Integer> numbers, Connection connection)
      throws SQLException {
    Set<Counted> ahead = counted(batch.ahead(), numbers);
    for (Watermark watermark : batch.watermarks()) {
      Counted covered = counted(watermark, numbers);
      if (!ahead.contains(covered)) {
        served.rowsCovered(covered, watermark.revision(), connection);
      }
    }
    for (Counted one : ahead) {
      served.rowsAhead(one, connection);
    }
  }

  /** The records of a batch without those of replaced generations, which are deleted. */
  private Batch current(Batch batch, ServedGenerations served, Map<String, Integer> numbers) {
    List<Tombstone> replaced = new ArrayList<>();
    Batch current =
        batch.retain(
            row -> served.isWritable(counted(row, numbers), row.dimensions().start()),
            report -> served.isCurrent(report.generation()),
            watermark -> served.isWritable(counted(watermark, numbers), watermark.closedBefore()),
            replaced::add);
    tombstones.publish(replaced);
    return current;
  }

  /** The numbers of all topics in a batch. */
  private Map<String, Integer> topicNumbers(Batch batch, Connection connection)
      throws SQLException {
    Map<String, Integer> numbers = new HashMap<>();
    for (SeriesReport report : batch.series()) {
      add(report.topic(), numbers, connection);
    }
    for (BlockRateRecord record : concat(batch)) {
      add(record.topic(), numbers, connection);
    }
    return numbers;
  }

  private void add(String topic, Map<String, Integer> numbers, Connection connection)
      throws SQLException {
    if (!numbers.containsKey(topic)) {
      numbers.put(topic, topics.of(topic, connection));
    }
  }

  private static Set<Counted> counted(
      List<? extends BlockRateRecord> records, Map<String, Integer> numbers) {
    return records.stream().map(record -> counted(record, numbers)).collect(toSet());
  }

  private static List<BlockRateRecord> concat(Batch batch) {
    List<BlockRateRecord> all = new ArrayList<>(batch.rows());
    all.addAll(batch.watermarks());
    return all;
  }

  private static Counted counted(BlockRateRecord record, Map<String, Integer> numbers) {
    return new Counted(
        Objects.requireNonNull(numbers.get(record.topic())),
        record.partition(),
        record.generation());
  }

  private static Columns<SeriesReport> series(
      List<SeriesReport> reports, Map<String, Integer> numbers) {
    return new Columns<>(reports)
        .smalls("topic", report -> numbers.get(report.topic()))
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
        .millis("last_word_at", SeriesReport::lastRecordMillis)
        .arrays("missing", "bigint", spans(Times::missing, Span::count))
        .microsArrays("missing_after", spans(Times::missing, Span::afterMicros))
        .microsArrays("missing_before", spans(Times::missing, Span::beforeMicros))
        .arrays("late", "bigint", spans(Times::late, Span::count))
        .microsArrays("late_after", spans(Times::late, Span::afterMicros))
        .microsArrays("late_before", spans(Times::late, Span::beforeMicros))
        .micros("tail_after", report -> timesOf(report, Times::tailAfterMicros))
        .micros("tail_before", report -> timesOf(report, Times::tailBeforeMicros));
  }

  private static Function<SeriesReport, @Nullable List<Long>> spans(
      Function<Times, List<Span>> which, Function<Span, Long> number) {
    return report -> timesOf(report, times -> which.apply(times).stream().map(number).toList());
  }

  private static <V> @Nullable V timesOf(
      SeriesReport report, Function<Times, ? extends @Nullable V> part) {
    Times times = report.times();
    return times == null ? null : part.apply(times);
  }

  private static Columns<Watermark> watermarks(
      List<Watermark> watermarks, Map<String, Integer> numbers) {
    return new Columns<>(watermarks)
        .smalls("topic", watermark -> numbers.get(watermark.topic()))
        .smalls("partition", Watermark::partition)
        .smalls("generation", Watermark::generation)
        .numbers("revision", Watermark::revision)
        .smalls("partitions", Watermark::partitions)
        .millis("append_high_at", Watermark::appendHighMillis)
        .seconds("closed_before", Watermark::closedBefore)
        .seconds("whole_from", Watermark::wholeFrom)
        .numbers("next_offset", Watermark::nextOffset);
  }
}
