package io.ratelimiter.auditor.store.tables;

import io.ratelimiter.schemas.UnreadableEventException;
import io.ratelimiter.schemas.audit.AuditReader;
import io.ratelimiter.schemas.audit.AuditRow;
import io.ratelimiter.schemas.audit.BlockRateRecord;
import io.ratelimiter.schemas.audit.Dimensions;
import io.ratelimiter.schemas.audit.Kind;
import io.ratelimiter.schemas.audit.SeriesReport;
import io.ratelimiter.schemas.audit.Tombstone;
import io.ratelimiter.schemas.audit.Watermark;
import io.ratelimiter.schemas.topics.Topics;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * The rows of a batch of records, the latest of each only, sorted by the tables' keys: writers that
 * lock rows in the same order never deadlock.
 *
 * @param ahead the last row of each run and partition that no later watermark of the batch covers
 */
public record Batch(
    List<AuditRow> rows,
    List<SeriesReport> series,
    List<Watermark> watermarks,
    List<AuditRow> ahead) {

  private static final Comparator<AuditRow> BY_KEY =
      Comparator.comparing(
              AuditRow::dimensions,
              Comparator.comparingLong(Dimensions::start)
                  .thenComparing(Dimensions::texts, Batch::compare)
                  .thenComparingLong(Dimensions::ruleRevision)
                  .thenComparingInt(Dimensions::part))
          .thenComparing(AuditRow::topic)
          .thenComparingInt(AuditRow::partition)
          .thenComparingInt(AuditRow::generation);

  private static int compare(List<String> first, List<String> second) {
    int order = 0;
    for (int i = 0; order == 0 && i < Math.min(first.size(), second.size()); i++) {
      order = first.get(i).compareTo(second.get(i));
    }
    return order != 0 ? order : Integer.compare(first.size(), second.size());
  }

  /** The records that meet these conditions; receives a tombstone for each of the others. */
  Batch retain(
      Predicate<AuditRow> row,
      Predicate<SeriesReport> report,
      Predicate<Watermark> watermark,
      Consumer<Tombstone> others) {
    return new Batch(
        retain(rows, row, Tombstone::of, others),
        retain(
            series,
            report,
            one ->
                Tombstone.ofSeries(
                    one.topic(), one.instance(), one.epoch(), one.partition(), one.generation()),
            others),
        retain(watermarks, watermark, Tombstone::of, others),
        ahead);
  }

  private static <R> List<R> retain(
      List<R> all,
      Predicate<R> condition,
      Function<R, Tombstone> tombstone,
      Consumer<Tombstone> others) {
    all.stream().filter(condition.negate()).map(tombstone).forEach(others);
    return all.stream().filter(condition).toList();
  }

  /** The rows of one kind. */
  List<AuditRow> rows(Kind kind) {
    return rows.stream().filter(row -> row.dimensions().kind() == kind).toList();
  }

  /**
   * Reads records of the auditor's topics.
   *
   * @param readable receives each record with a value that can be read
   * @param unreadable receives each record that cannot be read, with the reason; a record without a
   *     value is ignored
   */
  public static Batch of(
      List<ConsumerRecord<byte[], byte[]>> records,
      Consumer<ConsumerRecord<byte[], byte[]>> readable,
      BiConsumer<ConsumerRecord<byte[], byte[]>, String> unreadable) {
    Latest latest = new Latest();
    AuditReader reader = new AuditReader();
    for (ConsumerRecord<byte[], byte[]> record : records) {
      if (record.value() != null) {
        try {
          read(record, reader, latest);
          readable.accept(record);
        } catch (UnreadableEventException e) {
          unreadable.accept(record, String.valueOf(e.getMessage()));
        }
      }
    }
    return latest.batch();
  }

  private static void read(
      ConsumerRecord<byte[], byte[]> record, AuditReader reader, Latest latest) {
    try {
      if (record.topic().equals(Topics.COMPLETENESS)) {
        latest.add(reader.series(record.value()));
      } else {
        switch (reader.blockRate(record.value())) {
          case AuditRow row -> latest.add(row);
          case Watermark watermark -> latest.add(watermark);
        }
      }
    } catch (UnreadableEventException e) {
      throw e;
    } catch (RuntimeException e) {
      // Any exception: the same bytes would stop each sink that reads them.
      throw new UnreadableEventException("value cannot be read: " + e, e);
    }
  }

  /** The rows by key; of two with one key the one with the higher revision. */
  private static final class Latest {

    private record SeriesName(
        String topic, String instance, String epoch, int partition, int generation) {}

    private record Counted(String topic, int partition, int generation) {}

    private record RowName(Dimensions dimensions, Counted counted) {}

    private final Map<RowName, AuditRow> rows = new HashMap<>();
    private final Map<SeriesName, SeriesReport> series = new HashMap<>();
    private final Map<Counted, Watermark> watermarks = new HashMap<>();
    private final Map<Counted, AuditRow> ahead = new HashMap<>();

    void add(AuditRow row) {
      Counted counted = counted(row);
      ahead.put(counted, row);
      rows.merge(
          new RowName(row.dimensions(), counted),
          row,
          (first, second) -> second.revision() > first.revision() ? second : first);
    }

    void add(Watermark watermark) {
      Counted counted = counted(watermark);
      ahead.remove(counted);
      watermarks.merge(
          counted,
          watermark,
          (first, second) -> second.revision() > first.revision() ? second : first);
    }

    void add(SeriesReport report) {
      series.merge(
          new SeriesName(
              report.topic(),
              report.instance(),
              report.epoch(),
              report.partition(),
              report.generation()),
          report,
          (first, second) -> second.revision() > first.revision() ? second : first);
    }

    private static Counted counted(BlockRateRecord record) {
      return new Counted(record.topic(), record.partition(), record.generation());
    }

    Batch batch() {
      return new Batch(
          sorted(rows.values(), BY_KEY),
          sorted(
              series.values(),
              Comparator.comparing(SeriesReport::topic)
                  .thenComparing(SeriesReport::instance)
                  .thenComparing(SeriesReport::epoch)
                  .thenComparingInt(SeriesReport::partition)
                  .thenComparingInt(SeriesReport::generation)),
          sorted(
              watermarks.values(),
              Comparator.comparing(Watermark::topic)
                  .thenComparingInt(Watermark::partition)
                  .thenComparingInt(Watermark::generation)),
          List.copyOf(ahead.values()));
    }

    private static <R> List<R> sorted(Collection<R> values, Comparator<R> order) {
      return values.stream().sorted(order).toList();
    }
  }
}
