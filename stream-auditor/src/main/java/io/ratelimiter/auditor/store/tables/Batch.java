package io.ratelimiter.auditor.store.tables;

import io.ratelimiter.schemas.UnreadableEventException;
import io.ratelimiter.schemas.audit.AuditReader;
import io.ratelimiter.schemas.audit.BlockRateRecord;
import io.ratelimiter.schemas.audit.MinuteRow;
import io.ratelimiter.schemas.audit.MinuteRow.Dimensions;
import io.ratelimiter.schemas.audit.SeriesReport;
import io.ratelimiter.schemas.audit.Watermark;
import io.ratelimiter.schemas.topics.Topics;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * The rows of a batch of records, the latest of each only, sorted by the tables' keys: writers that
 * lock rows in the same order never deadlock.
 */
public record Batch(
    List<MinuteRow> clients,
    List<MinuteRow> totals,
    List<SeriesReport> series,
    List<Watermark> watermarks) {

  private static final Comparator<MinuteRow> BY_KEY =
      Comparator.comparing(
          MinuteRow::dimensions,
          Comparator.comparingLong(Dimensions::windowStart)
              .thenComparing(Dimensions::tenant)
              .thenComparing(dimensions -> String.valueOf(dimensions.clientId()))
              .thenComparing(Dimensions::limitKey)
              .thenComparing(Dimensions::rule)
              .thenComparing(Dimensions::algorithm));

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
        latest.add(reader.blockRate(record.value()));
      }
    } catch (UnreadableEventException e) {
      throw e;
    } catch (RuntimeException e) {
      // Any exception: the same bytes would stop each sink that reads them.
      throw new UnreadableEventException("value cannot be read: " + e, e);
    }
  }

  /** The rows by key; of two with one key the one with the higher (generation, revision). */
  private static final class Latest {

    private record SeriesName(String instance, String epoch, int partition, int generation) {}

    private record TotalKey(Dimensions dimensions, int partition) {}

    private final Map<Dimensions, MinuteRow> clients = new HashMap<>();
    private final Map<TotalKey, MinuteRow> totals = new HashMap<>();
    private final Map<SeriesName, SeriesReport> series = new HashMap<>();
    private final Map<Integer, Watermark> watermarks = new HashMap<>();

    void add(BlockRateRecord value) {
      switch (value) {
        case MinuteRow row when row.dimensions().clientId() != null ->
            clients.merge(row.dimensions(), row, Latest::newer);
        case MinuteRow row ->
            totals.merge(new TotalKey(row.dimensions(), row.partition()), row, Latest::newer);
        case Watermark watermark ->
            watermarks.merge(watermark.partition(), watermark, Latest::newer);
      }
    }

    void add(SeriesReport report) {
      series.merge(
          new SeriesName(
              report.instance(), report.epoch(), report.partition(), report.generation()),
          report,
          (first, second) -> second.revision() > first.revision() ? second : first);
    }

    private static <R extends BlockRateRecord> R newer(R first, R second) {
      return isNewer(second.generation(), second.revision(), first.generation(), first.revision())
          ? second
          : first;
    }

    private static boolean isNewer(int generation, long revision, int than, long thanRevision) {
      return generation != than ? generation > than : revision > thanRevision;
    }

    Batch batch() {
      return new Batch(
          sorted(clients.values(), BY_KEY),
          sorted(totals.values(), BY_KEY.thenComparingInt(MinuteRow::partition)),
          sorted(
              series.values(),
              Comparator.comparing(SeriesReport::instance)
                  .thenComparing(SeriesReport::epoch)
                  .thenComparingInt(SeriesReport::partition)
                  .thenComparingInt(SeriesReport::generation)),
          sorted(watermarks.values(), Comparator.comparingInt(Watermark::partition)));
    }

    private static <R> List<R> sorted(Collection<R> values, Comparator<R> order) {
      List<R> sorted = new ArrayList<>(values);
      sorted.sort(order);
      return sorted;
    }
  }
}
