package io.ratelimiter.auditor.topology;

import io.ratelimiter.schemas.Topics;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.AutoOffsetReset;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.processor.StateStore;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorSupplier;
import org.apache.kafka.streams.state.KeyValueBytesStoreSupplier;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;

/**
 * The audit as a Kafka Streams topology: one processor between the decisions topic and the topics
 * of its results, partition by partition. No repartition topic: what a partition holds is all that
 * a client ever did, and totals carry their partition.
 */
public final class AuditTopology {

  static final String MINUTES = "minutes";
  static final String SERIES = "series";
  static final String GAPS = "gaps";
  static final String PROGRESS = "progress";
  static final String BLOCK_RATES = "block-rates";
  static final String COMPLETENESS = "completeness";
  static final String DEAD_LETTERS = "dead-letters";

  private static final String DECISIONS = "decisions";
  private static final String AUDIT = "audit";

  private AuditTopology() {}

  /** Builds it; two calls with equal arguments build equal ones. */
  public static Topology build(AuditTerms terms, AuditCounts counts) {
    return build(terms, counts, Stores.persistentKeyValueStore(MINUTES));
  }

  /** The same with the minutes in another store of that name. */
  static Topology build(AuditTerms terms, AuditCounts counts, KeyValueBytesStoreSupplier minutes) {
    return new Topology()
        .addSource(
            AutoOffsetReset.earliest(),
            DECISIONS,
            AuditTopology::appendMillis,
            new ByteArrayDeserializer(),
            new AuditedDeserializer(),
            Topics.DECISIONS)
        .addProcessor(AUDIT, new Supplier(terms, counts, minutes), DECISIONS)
        .addSink(
            BLOCK_RATES,
            Topics.BLOCK_RATES,
            ToldKey.serializer(),
            new ByteArraySerializer(),
            ToldKey.partitioner(),
            AUDIT)
        .addSink(
            COMPLETENESS,
            Topics.COMPLETENESS,
            ToldKey.serializer(),
            new ByteArraySerializer(),
            ToldKey.partitioner(),
            AUDIT)
        .addSink(
            DEAD_LETTERS,
            Topics.DEAD_LETTERS,
            ToldKey.serializer(),
            new ByteArraySerializer(),
            ToldKey.partitioner(),
            AUDIT);
  }

  /**
   * The append time; a record without one, which append-time topics never have, keeps the highest.
   */
  private static long appendMillis(ConsumerRecord<Object, Object> record, long highest) {
    return record.timestamp() >= 0 ? record.timestamp() : Math.max(0, highest);
  }

  private record Supplier(AuditTerms terms, AuditCounts counts, KeyValueBytesStoreSupplier minutes)
      implements ProcessorSupplier<byte[], Arrived, ToldKey, byte[]> {

    @Override
    public Processor<byte[], Arrived, ToldKey, byte[]> get() {
      return new AuditProcessor(terms, counts);
    }

    @Override
    public Set<StoreBuilder<?>> stores() {
      return Set.of(
          store(minutes),
          store(Stores.inMemoryKeyValueStore(SERIES)),
          store(Stores.inMemoryKeyValueStore(GAPS)),
          store(Stores.inMemoryKeyValueStore(PROGRESS)));
    }

    /** Cached: a row that changes a thousand times a second is written and logged once. */
    private static StoreBuilder<? extends StateStore> store(KeyValueBytesStoreSupplier supplier) {
      return Stores.keyValueStoreBuilder(supplier, Serdes.Bytes(), Serdes.ByteArray())
          .withCachingEnabled();
    }
  }
}
