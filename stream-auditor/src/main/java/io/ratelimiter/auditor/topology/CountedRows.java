package io.ratelimiter.auditor.topology;

import io.ratelimiter.auditor.topology.state.CountedRow;
import io.ratelimiter.auditor.topology.state.RowKey;
import io.ratelimiter.schemas.audit.Dimensions;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.state.KeyValueStore;

/** The rows with figures of one partition that events can still change. */
final class CountedRows {

  private final KeyValueStore<Bytes, byte[]> store;
  private final Progress progress;

  /**
   * Rows that changed since the last publication, equal to those in the store, so that a row is
   * read once per publication. In memory only: the store has the number of each row's last change.
   */
  private final Map<Dimensions, Entry> unpublished = new HashMap<>();

  private record Entry(int fixedFrom, Bytes key, CountedRow row) {}

  CountedRows(KeyValueStore<Bytes, byte[]> store, Progress progress) {
    this.store = store;
    this.progress = progress;
  }

  /** Changes a row with a decision or an adjustment, in the store at once. */
  void change(Dimensions dimensions, Consumer<CountedRow> change) {
    Entry entry = unpublished.computeIfAbsent(dimensions, this::stored);
    change.accept(entry.row());
    entry.row().lastChange(progress.nextChange(entry.fixedFrom()));
    store.put(entry.key(), entry.row().encode());
  }

  /** Adds what was pending to a row, during the publication that follows. */
  void merge(Dimensions dimensions, CountedRow counted) {
    Entry entry = unpublished.computeIfAbsent(dimensions, this::stored);
    entry.row().merge(counted);
    store.put(entry.key(), entry.row().encode());
  }

  private Entry stored(Dimensions dimensions) {
    int fixedFrom = progress.fixedFrom(dimensions);
    Bytes key = RowKey.encode(fixedFrom, dimensions);
    byte[] bytes = store.get(key);
    return new Entry(
        fixedFrom,
        key,
        bytes == null
            ? new CountedRow(dimensions.kind())
            : CountedRow.decode(dimensions.kind(), bytes));
  }

  /** Registers a row that a former run changed and did not publish. */
  void found(Dimensions dimensions, Bytes key, byte[] bytes) {
    CountedRow row = CountedRow.decode(dimensions.kind(), bytes);
    if (progress.isUnpublished(row.lastChange())) {
      unpublished.put(dimensions, new Entry(RowKey.fixedFrom(key), key, row));
    }
  }

  int unpublished() {
    return unpublished.size();
  }

  void publishChanges(BiConsumer<Dimensions, CountedRow> publisher) {
    unpublished.forEach((dimensions, entry) -> publisher.accept(dimensions, entry.row()));
    unpublished.clear();
  }
}
