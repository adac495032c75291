package io.ratelimiter.auditor.store;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** Begin and end offset of each partition of a topic with records. */
record TopicEnds(Map<Integer, Range> byPartition) {

  /** From the offset of the first record to after that of the last. */
  record Range(long begin, long end) {}

  /** Reads them from the broker; a topic that does not exist has none. Blocks. */
  static TopicEnds of(String topic, Admin admin) throws ExecutionException, InterruptedException {
    Map<TopicPartition, OffsetSpec> latest = new HashMap<>();
    Map<TopicPartition, OffsetSpec> earliest = new HashMap<>();
    for (TopicPartitionInfo partition : partitions(topic, admin)) {
      latest.put(new TopicPartition(topic, partition.partition()), OffsetSpec.latest());
      earliest.put(new TopicPartition(topic, partition.partition()), OffsetSpec.earliest());
    }
    Map<TopicPartition, ListOffsetsResultInfo> ends = admin.listOffsets(latest).all().get();
    Map<Integer, Range> ranges = new HashMap<>();
    admin
        .listOffsets(earliest)
        .all()
        .get()
        .forEach((partition, begin) -> {
          long end = Math.max(begin.offset(), ends.get(partition).offset());
          if (begin.offset() < end) {
            ranges.put(partition.partition(), new Range(begin.offset(), end));
          }
        });
    return new TopicEnds(ranges);
  }

  private static List<TopicPartitionInfo> partitions(String topic, Admin admin)
      throws ExecutionException, InterruptedException {
    try {
      return admin.describeTopics(List.of(topic)).topicNameValues().get(topic).get().partitions();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof UnknownTopicOrPartitionException) {
        return List.of();
      }
      throw e;
    }
  }

  /**
   * The number of records from these offsets on. An offset after the end is of a topic that was
   * deleted and created again, of which all records count.
   *
   * @param offsets by partition; an absent one is 0
   */
  long from(Map<Integer, Long> offsets) {
    long records = 0;
    for (Map.Entry<Integer, Range> partition : byPartition.entrySet()) {
      Range range = partition.getValue();
      long offset = offsets.getOrDefault(partition.getKey(), 0L);
      boolean isValid = offset >= range.begin() && offset <= range.end();
      records += range.end() - (isValid ? offset : range.begin());
    }
    return records;
  }
}
