package io.ratelimiter.auditor.store.tables;

import io.ratelimiter.auditor.store.tables.ServedGenerations.Counted;
import io.ratelimiter.schemas.audit.AuditRow;
import io.ratelimiter.schemas.audit.BlockRateRecord;
import io.ratelimiter.schemas.audit.SeriesReport;
import io.ratelimiter.schemas.audit.Watermark;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import javax.sql.DataSource;

/**
 * Writes the tables of the schema {@code audit}. A row overwrites only one with a lower
 * (generation, revision), so that duplicates and late rows change nothing.
 */
public final class Tables {

  private static final Upsert SERIES =
      Upsert.into("audit.series", "instance", "epoch", "partition");
  private static final Upsert WATERMARKS =
      Upsert.into("audit.watermarks", "topic", "partition", "generation");

  private final DataSource database;
  private final DayPartitions days;
  private final TopicNumbers topics = new TopicNumbers();
  private final ServedGenerations served = new ServedGenerations();
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
        topics.invalidate();
        served.invalidate();
        generations.invalidate();
        throw e;
      } finally {
        connection.setAutoCommit(true);
      }
    }
  }

  private int write(Batch batch, Connection connection) throws SQLException {
    Map<String, Integer> numbers = topicNumbers(batch, connection);
    int rows = batch.series().size() + batch.watermarks().size();
    for (Table table : Table.values()) {
      List<AuditRow> writable = days.writable(batch.rows(table.kind()), table, connection);
      RowColumns.of(table.kind(), writable, numbers).write(connection, table.upsert());
      rows += writable.size();
    }
    series(batch.series()).write(connection, SERIES);
    for (Watermark watermark : batch.watermarks()) {
      Counted counted = counted(watermark, numbers);
      served.replaced(counted, watermark.wholeFrom(), connection);
      generations.deleteReplaced(counted, watermark, connection);
    }
    watermarks(batch.watermarks(), numbers).write(connection, WATERMARKS);
    return rows;
  }

  /** The numbers of all topics in a batch; new generations are registered. */
  private Map<String, Integer> topicNumbers(Batch batch, Connection connection)
      throws SQLException {
    Map<String, Integer> numbers = new HashMap<>();
    for (BlockRateRecord record : concat(batch)) {
      if (!numbers.containsKey(record.topic())) {
        numbers.put(record.topic(), topics.of(record.topic(), connection));
      }
      served.found(counted(record, numbers), connection);
    }
    return numbers;
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
        .seconds("whole_from", Watermark::wholeFrom);
  }
}
