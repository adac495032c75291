package io.ratelimiter.auditor.topology;

import io.ratelimiter.auditor.topology.state.CountedRow;
import io.ratelimiter.auditor.topology.state.RowKey;
import io.ratelimiter.schemas.audit.Dimensions;
import io.ratelimiter.schemas.audit.Kind;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * What was counted since the last publication for the rows of a rule, a tenant and a limiter
 * together, so that a decision changes one row of the state for all three. The publication adds it
 * to each of them; state and results are committed together, so that nothing is added twice.
 */
final class Pending {

  private final KeyValueStore<Bytes, byte[]> store;
  private final Map<Target, Entry> entries = new HashMap<>();

  /** The rows to which it is added. */
  record Target(Dimensions total, Dimensions tenant, Dimensions instance) {

    private Bytes encode() {
      byte[] first = RowKey.encode(0, total).get();
      byte[] second = RowKey.encode(0, tenant).get();
      byte[] third = RowKey.encode(0, instance).get();
      int size = 2 * Short.BYTES + first.length + second.length + third.length;
      ByteBuffer out = ByteBuffer.allocate(size);
      out.putShort((short) first.length).put(first);
      out.putShort((short) second.length).put(second);
      return Bytes.wrap(out.put(third).array());
    }

    private static Target decode(Bytes key) {
      ByteBuffer in = ByteBuffer.wrap(key.get());
      return new Target(row(in.getShort(), in), row(in.getShort(), in), row(in.remaining(), in));
    }

    private static Dimensions row(int length, ByteBuffer in) {
      byte[] key = new byte[length];
      in.get(key);
      return RowKey.decode(Bytes.wrap(key));
    }
  }

  private record Entry(Bytes key, CountedRow row) {}

  /** Also reads what a former run counted and did not publish. */
  Pending(KeyValueStore<Bytes, byte[]> store) {
    this.store = store;
    try (KeyValueIterator<Bytes, byte[]> all = store.all()) {
      while (all.hasNext()) {
        KeyValue<Bytes, byte[]> found = all.next();
        CountedRow row = CountedRow.decode(Kind.TOTAL, found.value);
        entries.put(Target.decode(found.key), new Entry(found.key, row));
      }
    }
  }

  /** Changes what is pending for these rows, in the store at once. */
  void change(Target target, Consumer<CountedRow> change) {
    Entry entry =
        entries.computeIfAbsent(target, t -> new Entry(t.encode(), new CountedRow(Kind.TOTAL)));
    change.accept(entry.row());
    store.put(entry.key(), entry.row().encode());
  }

  int size() {
    return entries.size();
  }

  /** Removes all, after a last call for each. */
  void drain(BiConsumer<Target, CountedRow> rows) {
    entries.forEach((target, entry) -> {
      rows.accept(target, entry.row());
      store.delete(entry.key());
    });
    entries.clear();
  }
}
