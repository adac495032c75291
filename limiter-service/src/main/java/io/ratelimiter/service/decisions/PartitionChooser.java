package io.ratelimiter.service.decisions;

import org.apache.kafka.common.utils.Utils;

/** Chooses partitions as Kafka's own producers do for a key, also while Kafka is away. */
record PartitionChooser(int partitions) {

  int partitionOf(byte[] key) {
    return Utils.toPositive(Utils.murmur2(key)) % partitions;
  }
}
