package io.ratelimiter.service.decisions.series;

import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The settled numbers of a series: acknowledged or dropped. Keeps the number up to which all are
 * settled, and runs of settled numbers above it, so its size is bounded by the number of events in
 * flight or on disk. Not thread-safe.
 */
final class SettledNumbers {

  private record Run(long last, long neverSent) {}

  private final TreeMap<Long, Run> ahead = new TreeMap<>();
  private long upTo;
  private long neverSent;

  /** Every number up to this one is settled. */
  long upTo() {
    return upTo;
  }

  /** Numbers up to {@link #upTo} that Kafka never received or refused. */
  long neverSent() {
    return neverSent;
  }

  /**
   * Settles a number.
   *
   * @param neverSent whether Kafka never received it, or refused it
   * @throws IllegalStateException when it is already settled: the counts would not balance
   */
  void settle(long seq, boolean neverSent) {
    long dropped = neverSent ? 1 : 0;
    if (seq == upTo + 1 && ahead.isEmpty()) {
      upTo = seq;
      this.neverSent += dropped;
      return;
    }
    Map.Entry<Long, Run> before = ahead.floorEntry(seq);
    if (seq <= upTo || (before != null && seq <= before.getValue().last())) {
      throw new IllegalStateException("number " + seq + " is settled twice");
    }
    insert(seq, new Run(seq, dropped), before);
    absorb();
  }

  private void insert(long seq, Run run, Map.@Nullable Entry<Long, Run> before) {
    long first = seq;
    Run merged = run;
    if (before != null && before.getValue().last() == seq - 1) {
      first = before.getKey();
      merged = new Run(seq, before.getValue().neverSent() + run.neverSent());
    }
    Run after = ahead.remove(seq + 1);
    if (after != null) {
      merged = new Run(after.last(), merged.neverSent() + after.neverSent());
    }
    ahead.put(first, merged);
  }

  private void absorb() {
    Map.Entry<Long, Run> lowest = ahead.firstEntry();
    if (lowest != null && lowest.getKey() == upTo + 1) {
      upTo = lowest.getValue().last();
      neverSent += lowest.getValue().neverSent();
      ahead.pollFirstEntry();
    }
  }

  /** Number of runs above {@link #upTo}. */
  int runs() {
    return ahead.size();
  }
}
