package io.ratelimiter.auditor.topology;

import io.ratelimiter.auditor.topology.input.ReceivedRecord;
import io.ratelimiter.auditor.topology.input.ReceivedRecordDeserializer;
import io.ratelimiter.schemas.topics.Topics;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.config.TopicConfig;
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
 * of results, partition by partition. It needs no repartition topic: one partition has all events
 * of a client, and each partition publishes its own part of a total.
 */
public final class AuditTopology {

  static final String MINUTES = "minutes";
  static final String PENDING = "pending";
  static final String SERIES = "series";
  static final String GAPS = "gaps";
  static final String PROGRESS = "progress";
  static final String BLOCK_RATES = "block-rates";
  static final String COMPLETENESS = "completeness";
  static final String DEAD_LETTERS = "dead-letters";

  private static final String DECISIONS = "decisions";
  private static final String AUDIT = "audit";

  /**
   * Of the changelog of the minutes, whose rows live for minutes: a restore must not read the
   * deleted ones of the last hours. A deletion may be removed after a minute, because rows that a
   * restore brings back are deleted when a task starts. The changelogs of the other stores keep
   * Kafka's day, because a series or a pending count that came back would be counted again.
   */
  private static final Map<String, String> SHORT_LIVED =
      Map.of(
          TopicConfig.SEGMENT_BYTES_CONFIG, String.valueOf(32 << 20),
          TopicConfig.SEGMENT_MS_CONFIG, "300000",
          TopicConfig.MIN_CLEANABLE_DIRTY_RATIO_CONFIG, "0.2",
          TopicConfig.MAX_COMPACTION_LAG_MS_CONFIG, "600000",
          TopicConfig.DELETE_RETENTION_MS_CONFIG, "60000");

  private AuditTopology() {}

  /** Builds the topology; equal arguments yield equal topologies. */
  public static Topology build(AuditTerms terms, AuditCounts counts) {
    return build(terms, counts, Stores.persistentKeyValueStore(MINUTES));
  }

  /** Builds the topology with the minutes in another store of the name {@link #MINUTES}. */
  static Topology build(AuditTerms terms, AuditCounts counts, KeyValueBytesStoreSupplier minutes) {
    Topology topology =
        new Topology()
            .addSource(
                AutoOffsetReset.earliest(),
                DECISIONS,
                AuditTopology::appendMillis,
                new ByteArrayDeserializer(),
                new ReceivedRecordDeserializer(),
                terms.topic())
            .addProcessor(AUDIT, new Supplier(terms, counts, minutes), DECISIONS);
    sink(BLOCK_RATES, Topics.BLOCK_RATES, topology);
    sink(COMPLETENESS, Topics.COMPLETENESS, topology);
    sink(DEAD_LETTERS, Topics.DEAD_LETTERS, topology);
    return topology;
  }

  private static void sink(String name, String topic, Topology topology) {
    topology.addSink(
        name,
        topic,
        PublishedKey.serializer(),
        new ByteArraySerializer(),
        PublishedKey.partitioner(),
        AUDIT);
  }

  /**
   * The append time; the highest so far for a record without one, which a topic with append times
   * never has.
   */
  private static long appendMillis(ConsumerRecord<Object, Object> record, long highest) {
    return record.timestamp() >= 0 ? record.timestamp() : Math.max(0, highest);
  }

  private record Supplier(AuditTerms terms, AuditCounts counts, KeyValueBytesStoreSupplier minutes)
      implements ProcessorSupplier<byte[], ReceivedRecord, PublishedKey, byte[]> {

    @Override
    public Processor<byte[], ReceivedRecord, PublishedKey, byte[]> get() {
      return new AuditProcessor(terms, counts);
    }

    @Override
    public Set<StoreBuilder<?>> stores() {
      return Set.of(
          store(minutes).withLoggingEnabled(SHORT_LIVED),
          store(Stores.inMemoryKeyValueStore(SERIES)),
          store(Stores.inMemoryKeyValueStore(GAPS)),
          store(Stores.inMemoryKeyValueStore(PENDING)),
          store(Stores.inMemoryKeyValueStore(PROGRESS)));
    }

    /** Cached: a row that changes often is written and logged once per commit. */
    private static StoreBuilder<? extends StateStore> store(KeyValueBytesStoreSupplier supplier) {
      return Stores.keyValueStoreBuilder(supplier, Serdes.Bytes(), Serdes.ByteArray())
          .withCachingEnabled();
    }
  }
}
