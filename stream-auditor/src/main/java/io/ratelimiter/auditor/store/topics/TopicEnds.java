package io.ratelimiter.auditor.store.topics;

import io.ratelimiter.schemas.topics.TopicCreator;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;

/** Begin and end offset of each partition of a topic with records. */
public record TopicEnds(Map<Integer, Range> byPartition) {

  /** From the offset of the first record to after that of the last. */
  public record Range(long begin, long end) {}

  /** Reads them from the broker; a topic that does not exist has none. Blocks. */
  public static TopicEnds of(String topic, Admin admin)
      throws ExecutionException, InterruptedException {
    int partitions = new TopicCreator(admin).partitions(topic).orElse(0);
    var ends = admin.listOffsets(all(topic, partitions, OffsetSpec.latest())).all().get();
    var begins = admin.listOffsets(all(topic, partitions, OffsetSpec.earliest())).all().get();
    Map<Integer, Range> ranges = new HashMap<>();
    for (Map.Entry<TopicPartition, ListOffsetsResultInfo> end : ends.entrySet()) {
      long begin = Objects.requireNonNull(begins.get(end.getKey())).offset();
      if (begin < end.getValue().offset()) {
        ranges.put(end.getKey().partition(), new Range(begin, end.getValue().offset()));
      }
    }
    return new TopicEnds(ranges);
  }

  private static Map<TopicPartition, OffsetSpec> all(
      String topic, int partitions, OffsetSpec offset) {
    Map<TopicPartition, OffsetSpec> all = new HashMap<>();
    for (int partition = 0; partition < partitions; partition++) {
      all.put(new TopicPartition(topic, partition), offset);
    }
    return all;
  }

  /**
   * The number of records from these offsets on. An offset after the end is of a topic that was
   * deleted and created again, of which all records count.
   *
   * @param offsets by partition; an absent one is 0
   */
  public long from(Map<Integer, Long> offsets) {
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
