package io.ratelimiter.service.decisions.kafka;

import org.apache.kafka.common.utils.Utils;

/** Chooses a key's partition as Kafka's own producers do, also while Kafka is unavailable. */
public record PartitionChooser(int partitions) {

  public int partitionOf(byte[] key) {
    return Utils.toPositive(Utils.murmur2(key)) % partitions;
  }
}
