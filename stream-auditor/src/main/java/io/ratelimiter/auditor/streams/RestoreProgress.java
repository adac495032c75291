package io.ratelimiter.auditor.streams;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.streams.processor.StateRestoreListener;

/** Counts the records that are still to be read from Kafka to restore the local state. */
final class RestoreProgress implements StateRestoreListener {

  private record Remaining(long endOffset, long records) {}

  private final Map<TopicPartition, Remaining> byChangelog = new ConcurrentHashMap<>();

  /** Records that remain; 0 when nothing is being restored. */
  long remainingRecords() {
    return byChangelog.values().stream().mapToLong(Remaining::records).sum();
  }

  @Override
  public void onRestoreStart(TopicPartition changelog, String store, long start, long end) {
    byChangelog.put(changelog, new Remaining(end, end - start));
  }

  @Override
  public void onBatchRestored(TopicPartition changelog, String store, long last, long restored) {
    byChangelog.computeIfPresent(
        changelog,
        (_, before) ->
            new Remaining(before.endOffset(), Math.max(0, before.endOffset() - last - 1)));
  }

  @Override
  public void onRestoreEnd(TopicPartition changelog, String store, long total) {
    byChangelog.remove(changelog);
  }

  @Override
  public void onRestoreSuspended(TopicPartition changelog, String store, long total) {
    byChangelog.remove(changelog);
  }
}
