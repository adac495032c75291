package io.ratelimiter.auditor.topology;

import io.ratelimiter.auditor.topology.state.CountedRow;
import io.ratelimiter.auditor.topology.state.RowKey;
import io.ratelimiter.schemas.audit.Dimensions;
import io.ratelimiter.schemas.audit.Kind;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
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

  /** The dimensions of a rule in a total. */
  record Rule(String tenant, String limitKey, String name, long revision, String algorithm) {}

  /** The dimensions of a limiter's row. */
  record Origin(String instance, String source, String degradedReason) {}

  /** The dimensions of the rows to which it is added. */
  record Target(long minute, int part, String region, String tenant, Rule rule, Origin origin) {

    Dimensions total() {
      return new Dimensions(
          Kind.TOTAL,
          minute,
          part,
          rule.revision,
          List.of(region, rule.tenant, rule.limitKey, rule.name, rule.algorithm));
    }

    Dimensions tenantTotal() {
      return Dimensions.of(Kind.TENANT_TOTAL, minute, part, region, tenant);
    }

    Dimensions instanceTotal() {
      return Dimensions.of(
          Kind.INSTANCE_TOTAL,
          minute,
          part,
          region,
          origin.instance,
          origin.source,
          origin.degradedReason);
    }

    private Bytes encode() {
      byte[] first = RowKey.encode(0, total()).get();
      byte[] second = RowKey.encode(0, tenantTotal()).get();
      byte[] third = RowKey.encode(0, instanceTotal()).get();
      int size = 2 * Short.BYTES + first.length + second.length + third.length;
      ByteBuffer out = ByteBuffer.allocate(size);
      out.putShort((short) first.length).put(first);
      out.putShort((short) second.length).put(second);
      return Bytes.wrap(out.put(third).array());
    }

    private static Target decode(Bytes key) {
      ByteBuffer in = ByteBuffer.wrap(key.get());
      Dimensions total = row(in.getShort(), in);
      List<String> rule = total.texts();
      List<String> tenant = row(in.getShort(), in).texts();
      List<String> origin = row(in.remaining(), in).texts();
      return new Target(
          total.start(),
          total.part(),
          rule.get(0),
          tenant.get(1),
          new Rule(rule.get(1), rule.get(2), rule.get(3), total.ruleRevision(), rule.get(4)),
          new Origin(origin.get(1), origin.get(2), origin.get(3)));
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
    Entry entry = entries.get(target);
    if (entry == null) {
      entry = new Entry(target.encode(), new CountedRow(Kind.TOTAL));
      entries.put(target, entry);
    }
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
