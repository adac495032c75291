package io.ratelimiter.auditor.topology;

import static org.assertj.core.api.Assertions.assertThat;

import io.ratelimiter.auditor.TestTerms;
import io.ratelimiter.auditor.topology.state.CountedRow;
import io.ratelimiter.auditor.topology.state.RowKey;
import io.ratelimiter.schemas.audit.Dimensions;
import io.ratelimiter.schemas.audit.Kind;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.Stores;
import org.junit.jupiter.api.Test;

class PartitionRowsTests {

  private final KeyValueStore<Bytes, byte[]> rows = Stores.inMemoryKeyValueStore("rows").get();
  private final KeyValueStore<Bytes, byte[]> other = Stores.inMemoryKeyValueStore("other").get();

  /** Compaction may have removed their deletion before the restore read it. */
  @Test
  void removedRowsThatARestoreBroughtBackAreDeleted() {
    Progress progress = new Progress(other, TestTerms.DEFAULT, 0);
    progress.removedBefore(100);
    Bytes removed = put(99);
    Bytes kept = put(100);

    open(progress);

    assertThat(keys()).containsExactly(kept).doesNotContain(removed);
  }

  private Bytes put(int fixedFrom) {
    Dimensions row = Dimensions.of(Kind.TENANT_TOTAL, 60, 0, "", "default");
    Bytes key = RowKey.encode(fixedFrom, row);
    rows.put(key, new CountedRow(Kind.TENANT_TOTAL).encode());
    return key;
  }

  private void open(Progress progress) {
    KeyValueStore<Bytes, byte[]> pending = Stores.inMemoryKeyValueStore("pending").get();
    assertThat(new PartitionRows(rows, pending, progress, TestTerms.DEFAULT, 0).unpublished())
        .isZero();
  }

  private List<Bytes> keys() {
    List<Bytes> keys = new ArrayList<>();
    try (KeyValueIterator<Bytes, byte[]> all = rows.all()) {
      all.forEachRemaining(row -> keys.add(row.key));
    }
    return keys;
  }
}
