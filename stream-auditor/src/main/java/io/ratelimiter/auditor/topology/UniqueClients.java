package io.ratelimiter.auditor.topology;

import io.ratelimiter.auditor.topology.state.Registers;
import io.ratelimiter.auditor.topology.state.RowKey;
import io.ratelimiter.schemas.audit.Dimensions;
import io.ratelimiter.schemas.audit.Kind;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.state.KeyValueStore;

/** The rows of unique clients of one partition: a decision changes one only if a register rises. */
final class UniqueClients {

  /** Max rows in memory; each has 2 kB. */
  private static final int MAX_CACHED = 256;

  private final KeyValueStore<Bytes, byte[]> store;
  private final Progress progress;

  /** Rows equal to those in the store, the least recently used first. */
  private final Map<Dimensions, Registers> cached =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Dimensions, Registers> eldest) {
          return size() > MAX_CACHED;
        }
      };

  /** Rows that changed since the last publication. */
  private final Set<Dimensions> unpublished = new HashSet<>();

  UniqueClients(KeyValueStore<Bytes, byte[]> store, Progress progress) {
    this.store = store;
    this.progress = progress;
  }

  /**
   * Adds a client to the row of its tenant and hour.
   *
   * @param key of the decision's record, which names tenant and client
   */
  void add(long minute, String tenant, byte[] key) {
    Dimensions row = Dimensions.of(Kind.UNIQUE_CLIENTS, Kind.Span.HOUR.startOf(minute), 0, tenant);
    Registers registers = registers(row);
    if (registers.add(Registers.hash(key))) {
      int fixedFrom = progress.fixedFrom(row);
      registers.lastChange(progress.nextChange(fixedFrom));
      store.put(RowKey.encode(fixedFrom, row), registers.encode());
      unpublished.add(row);
    }
  }

  private Registers registers(Dimensions row) {
    Registers known = cached.get(row);
    if (known == null) {
      byte[] bytes = store.get(RowKey.encode(progress.fixedFrom(row), row));
      known = bytes == null ? new Registers() : Registers.decode(bytes);
      cached.put(row, known);
    }
    return known;
  }

  /** Registers a row that a former run changed and did not publish. */
  void found(Dimensions row, byte[] bytes) {
    if (progress.isUnpublished(Registers.decode(bytes).lastChange())) {
      unpublished.add(row);
    }
  }

  int unpublished() {
    return unpublished.size();
  }

  void publishChanges(BiConsumer<Dimensions, Registers> publisher) {
    unpublished.forEach(row -> publisher.accept(row, registers(row)));
    unpublished.clear();
  }
}
