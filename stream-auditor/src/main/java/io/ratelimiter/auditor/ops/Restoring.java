package io.ratelimiter.auditor.ops;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.streams.processor.StateRestoreListener;

/** Counts the records of the local state that are still to be restored from Kafka. */
final class Restoring implements StateRestoreListener {

  private record Left(long end, long records) {}

  private final Map<TopicPartition, Left> all = new ConcurrentHashMap<>();

  /** Number of records left; 0 when nothing is being restored. */
  long records() {
    return all.values().stream().mapToLong(Left::records).sum();
  }

  @Override
  public void onRestoreStart(TopicPartition changelog, String store, long start, long end) {
    all.put(changelog, new Left(end, end - start));
  }

  @Override
  public void onBatchRestored(TopicPartition changelog, String store, long last, long restored) {
    all.computeIfPresent(
        changelog, (_, left) -> new Left(left.end(), Math.max(0, left.end() - last - 1)));
  }

  @Override
  public void onRestoreEnd(TopicPartition changelog, String store, long total) {
    all.remove(changelog);
  }

  @Override
  public void onRestoreSuspended(TopicPartition changelog, String store, long total) {
    all.remove(changelog);
  }
}
