package io.ratelimiter.auditor.topology;

import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.processor.StreamPartitioner;
import org.jspecify.annotations.Nullable;

/**
 * Key of an output record. Its partition has the same number as that of the decisions, so that one
 * reader gets all of a partition in order: rows first, then the watermark that covers them.
 *
 * @param json the key on the topic; for a dead letter the key as received, may be null
 */
record ToldKey(int partition, @Nullable Bytes json) {

  static Serializer<ToldKey> serializer() {
    return (topic, key) -> key.json() == null ? null : key.json().get();
  }

  static StreamPartitioner<ToldKey, byte[]> partitioner() {
    return (topic, key, value, partitions) -> Optional.of(Set.of(key.partition() % partitions));
  }
}
