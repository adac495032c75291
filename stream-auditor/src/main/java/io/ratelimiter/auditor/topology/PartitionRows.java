package io.ratelimiter.auditor.topology;

import io.ratelimiter.auditor.topology.AuditTerms.Bills;
import io.ratelimiter.auditor.topology.state.CountedRow;
import io.ratelimiter.auditor.topology.state.Histogram;
import io.ratelimiter.auditor.topology.state.Registers;
import io.ratelimiter.auditor.topology.state.RowKey;
import io.ratelimiter.schemas.audit.AuditRow;
import io.ratelimiter.schemas.audit.Dimensions;
import io.ratelimiter.schemas.audit.Figures;
import io.ratelimiter.schemas.audit.Kind;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;

/** The rows of one partition that events can still change, and their publication. */
final class PartitionRows {

  /** The client of bills by tenant. */
  private static final String ALL_CLIENTS = "(all)";

  private final KeyValueStore<Bytes, byte[]> store;
  private final Progress progress;
  private final AuditTerms terms;
  private final int partition;
  private final CountedRows counted;
  private final UniqueClients uniqueClients;
  private final Pending pending;

  PartitionRows(
      KeyValueStore<Bytes, byte[]> store,
      KeyValueStore<Bytes, byte[]> pendingStore,
      Progress progress,
      AuditTerms terms,
      int partition) {
    this.store = store;
    this.progress = progress;
    this.terms = terms;
    this.partition = partition;
    this.counted = new CountedRows(store, progress);
    this.uniqueClients = new UniqueClients(store, progress);
    this.pending = new Pending(pendingStore);
    deleteRestored();
    if (progress.hasUnpublished()) {
      findUnpublished();
    }
  }

  /**
   * Deletes removed rows that a restore brought back, because their deletion was compacted away.
   */
  private void deleteRestored() {
    try (KeyValueIterator<Bytes, byte[]> rows =
        store.range(null, RowKey.firstOf(progress.removedBefore()))) {
      while (rows.hasNext()) {
        store.delete(rows.next().key);
      }
    }
  }

  /** Finds the rows that a former run changed and did not publish. */
  private void findUnpublished() {
    Bytes from = RowKey.firstOf(progress.oldestUnpublished());
    try (KeyValueIterator<Bytes, byte[]> rows = store.range(from, null)) {
      while (rows.hasNext()) {
        KeyValue<Bytes, byte[]> row = rows.next();
        Kind kind = RowKey.kind(row.key);
        if (kind.hasRegisters()) {
          uniqueClients.found(RowKey.decode(row.key), row.value);
        } else {
          counted.found(row.key, kind, row.value);
        }
      }
    }
  }

  CountedRows counted() {
    return counted;
  }

  UniqueClients uniqueClients() {
    return uniqueClients;
  }

  Pending pending() {
    return pending;
  }

  /** Number of rows that changed since the last publication. */
  int unpublished() {
    return counted.unpublished() + uniqueClients.unpublished() + pending.size();
  }

  /** Publishes the rows that changed since the last publication. */
  void publishChanges(Consumer<AuditRow> publisher) {
    pending.drain(this::merge);
    counted.publishChanges((dimensions, row) -> {
      if (dimensions.start() >= progress.wholeFrom()) {
        publisher.accept(published(dimensions, row));
      }
    });
    uniqueClients.publishChanges((dimensions, registers) -> {
      if (dimensions.start() >= progress.wholeFrom()) {
        publisher.accept(published(dimensions, registers));
      }
    });
  }

  /** The verdicts of a shadow rule are in its total only. */
  private void merge(Pending.Target target, CountedRow row) {
    counted.merge(target.total(), row);
    if (row.sums().changes(Kind.TENANT_TOTAL) > 0) {
      counted.merge(target.tenantTotal(), row);
    }
    if (row.sums().changes(Kind.INSTANCE_TOTAL) > 0) {
      counted.merge(target.instanceTotal(), row);
    }
    if (progress.bills() == Bills.TENANT && row.sums().changes(Kind.BILL) > 0) {
      counted.merge(bill(target), row);
    }
  }

  private static Dimensions bill(Pending.Target target) {
    long day = Kind.Span.DAY.startOf(target.minute());
    return Dimensions.of(Kind.BILL, day, 0, target.region(), target.tenant(), ALL_CLIENTS);
  }

  private AuditRow published(Dimensions dimensions, CountedRow row) {
    Kind kind = dimensions.kind();
    Histogram latencies = row.latencies();
    return new AuditRow(
        dimensions,
        row.sums().published(kind, kind == Kind.CLIENT && progress.blockedOnly()),
        latencies == null ? null : latencies.published(),
        List.of(),
        terms.topic(),
        partition,
        terms.generation(),
        row.sums().changes(kind));
  }

  private AuditRow published(Dimensions dimensions, Registers registers) {
    return new AuditRow(
        dimensions,
        Figures.of(Map.of()),
        null,
        registers.published(),
        terms.topic(),
        partition,
        terms.generation(),
        registers.revision());
  }

  /**
   * Removes the rows that no event can change any more from the store; all must be published.
   *
   * @param max max rows to remove; bounds the time
   */
  void removeFixed(int max) {
    int reached = progress.fixedBefore();
    Bytes from = RowKey.firstOf(progress.removedBefore());
    int left = max;
    try (KeyValueIterator<Bytes, byte[]> rows = store.range(from, RowKey.firstOf(reached))) {
      while (rows.hasNext()) {
        Bytes key = rows.next().key;
        if (left-- == 0) {
          reached = RowKey.fixedFrom(key);
          break;
        }
        store.delete(key);
      }
    }
    progress.removedBefore(reached);
  }
}
