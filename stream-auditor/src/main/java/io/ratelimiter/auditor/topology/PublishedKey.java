package io.ratelimiter.auditor.topology;

import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.processor.StreamPartitioner;
import org.jspecify.annotations.Nullable;

/**
 * Key of a published record. It is published to the partition with the number of the decisions'
 * partition, so that one consumer reads in order: rows first, then the watermark that covers them.
 *
 * @param json the key on the topic; for a dead letter the key as received, which may be null
 */
record PublishedKey(int partition, @Nullable Bytes json) {

  static Serializer<PublishedKey> serializer() {
    return (topic, key) -> key.json() == null ? null : key.json().get();
  }

  static StreamPartitioner<PublishedKey, byte[]> partitioner() {
    return (topic, key, value, partitions) -> Optional.of(Set.of(key.partition() % partitions));
  }
}
