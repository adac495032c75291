package io.ratelimiter.auditor.topology;

import io.ratelimiter.auditor.topology.state.CountedRow;
import io.ratelimiter.auditor.topology.state.RowKey;
import io.ratelimiter.schemas.audit.Dimensions;
import io.ratelimiter.schemas.audit.Kind;
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
  private final Map<Bytes, CountedRow> unpublished = new HashMap<>();

  CountedRows(KeyValueStore<Bytes, byte[]> store, Progress progress) {
    this.store = store;
    this.progress = progress;
  }

  /** Changes a row with a decision or an adjustment, in the store at once. */
  void change(Dimensions dimensions, Consumer<CountedRow> change) {
    int fixedFrom = progress.fixedFrom(dimensions);
    Bytes key = RowKey.encode(fixedFrom, dimensions);
    CountedRow row = row(key, dimensions.kind());
    change.accept(row);
    row.lastChange(progress.nextChange(fixedFrom));
    store.put(key, row.encode());
  }

  /** Adds what was pending to a row, during the publication that follows. */
  void merge(Dimensions dimensions, CountedRow counted) {
    Bytes key = RowKey.encode(progress.fixedFrom(dimensions), dimensions);
    CountedRow row = row(key, dimensions.kind());
    row.merge(counted);
    store.put(key, row.encode());
  }

  private CountedRow row(Bytes key, Kind kind) {
    CountedRow known = unpublished.get(key);
    if (known == null) {
      byte[] bytes = store.get(key);
      known = bytes == null ? new CountedRow(kind) : CountedRow.decode(kind, bytes);
      unpublished.put(key, known);
    }
    return known;
  }

  /** Registers a row that a former run changed and did not publish. */
  void found(Bytes key, Kind kind, byte[] bytes) {
    CountedRow row = CountedRow.decode(kind, bytes);
    if (progress.isUnpublished(row.lastChange())) {
      unpublished.put(key, row);
    }
  }

  int unpublished() {
    return unpublished.size();
  }

  void publishChanges(BiConsumer<Dimensions, CountedRow> publisher) {
    unpublished.forEach((key, row) -> publisher.accept(RowKey.decode(key), row));
    unpublished.clear();
  }
}
