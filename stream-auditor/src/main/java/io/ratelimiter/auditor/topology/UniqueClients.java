package io.ratelimiter.auditor.topology;

import io.ratelimiter.auditor.topology.state.Registers;
import io.ratelimiter.auditor.topology.state.RowKey;
import io.ratelimiter.auditor.topology.state.StoredRegister;
import io.ratelimiter.schemas.audit.Dimensions;
import io.ratelimiter.schemas.audit.Kind;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * The rows of unique clients of one partition: a decision changes one only if a register rises.
 * Each register is stored apart, since thousands rise at the beginning of an hour.
 */
final class UniqueClients {

  /** Max rows in memory; each has 2 kB. */
  private static final int MAX_CACHED = 256;

  private final KeyValueStore<Bytes, byte[]> store;
  private final Progress progress;

  /** A row, and the beginning of the keys of its registers. */
  private record Row(Dimensions dimensions, int fixedFrom, Bytes key) {

    Bytes register(int index) {
      return StoredRegister.key(key, index);
    }
  }

  private record Cached(Row row, Registers registers) {}

  private record Name(long hour, String tenant) {}

  /** Rows equal to those in the store, the least recently used first. */
  private final Map<Name, Cached> cached =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Name, Cached> eldest) {
          return size() > MAX_CACHED;
        }
      };

  /** Rows that changed since the last publication. */
  private final Set<Name> unpublished = new HashSet<>();

  UniqueClients(KeyValueStore<Bytes, byte[]> store, Progress progress) {
    this.store = store;
    this.progress = progress;
  }

  /**
   * Adds a client to the row of its tenant and hour. While no further row fits into memory, only
   * the client's register is read of one that is not there.
   *
   * @param key of the decision's record, which names tenant and client
   */
  void add(long minute, String tenant, byte[] key) {
    Name name = new Name(Kind.Span.HOUR.startOf(minute), tenant);
    Cached known = cached.size() < MAX_CACHED ? whole(name) : cached.get(name);
    Row row = known == null ? row(name) : known.row();
    long hash = Registers.hash(key);
    int index = Registers.indexOf(hash);
    byte rank = Registers.rankOf(hash);
    if (rank > (known == null ? storedRank(row, index) : known.registers().rank(index))) {
      if (known != null) {
        known.registers().rank(index, rank);
      }
      long change = progress.nextChange(row.fixedFrom());
      store.put(row.register(index), new StoredRegister(rank, change).encode());
      unpublished.add(name);
    }
  }

  private Row row(Name name) {
    Dimensions row = Dimensions.of(Kind.UNIQUE_CLIENTS, name.hour(), 0, name.tenant());
    int fixedFrom = progress.fixedFrom(row);
    return new Row(row, fixedFrom, RowKey.encode(fixedFrom, row));
  }

  private byte storedRank(Row row, int index) {
    byte[] register = store.get(row.register(index));
    return register == null ? 0 : StoredRegister.decode(register).rank();
  }

  private Cached whole(Name name) {
    Cached known = cached.get(name);
    if (known == null) {
      Row row = row(name);
      known = new Cached(row, registers(row));
      cached.put(name, known);
    }
    return known;
  }

  private Registers registers(Row row) {
    Registers registers = new Registers();
    try (KeyValueIterator<Bytes, byte[]> all =
        store.range(row.register(0), StoredRegister.lastKey(row.key()))) {
      while (all.hasNext()) {
        KeyValue<Bytes, byte[]> one = all.next();
        registers.rank(StoredRegister.index(one.key), StoredRegister.decode(one.value).rank());
      }
    }
    return registers;
  }

  /** Registers a row that a former run changed and did not publish. */
  void found(Dimensions row, byte[] register) {
    if (progress.isUnpublished(StoredRegister.decode(register).lastChange())) {
      unpublished.add(new Name(row.start(), row.texts().getFirst()));
    }
  }

  int unpublished() {
    return unpublished.size();
  }

  void publishChanges(BiConsumer<Dimensions, Registers> publisher) {
    for (Name name : unpublished) {
      Cached row = whole(name);
      publisher.accept(row.row().dimensions(), row.registers());
    }
    unpublished.clear();
  }
}
