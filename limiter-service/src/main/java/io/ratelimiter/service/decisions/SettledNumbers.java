package io.ratelimiter.service.decisions;

import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Which numbers of a series are settled: acknowledged, dropped or given up. Keeps the highest
 * number up to which all are, and runs of settled numbers above it; its size is bounded by the
 * number of events that are still under way, in flight or spooled. Not thread-safe.
 */
final class SettledNumbers {

  private record Run(long last, long neverHanded) {}

  private final TreeMap<Long, Run> ahead = new TreeMap<>();
  private long upTo;
  private long neverHanded;

  /** Every number up to this one is settled. */
  long upTo() {
    return upTo;
  }

  /** How many of the numbers up to {@link #upTo} Kafka never got, or refused. */
  long neverHanded() {
    return neverHanded;
  }

  /**
   * Settles a number.
   *
   * @param neverHanded whether Kafka never got it, or refused it
   * @throws IllegalStateException when it is settled already: the books would not balance
   */
  void settle(long seq, boolean neverHanded) {
    long dropped = neverHanded ? 1 : 0;
    if (seq == upTo + 1 && ahead.isEmpty()) {
      upTo = seq;
      this.neverHanded += dropped;
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
      merged = new Run(seq, before.getValue().neverHanded() + run.neverHanded());
    }
    Run after = ahead.remove(seq + 1);
    if (after != null) {
      merged = new Run(after.last(), merged.neverHanded() + after.neverHanded());
    }
    ahead.put(first, merged);
  }

  private void absorb() {
    Map.Entry<Long, Run> lowest = ahead.firstEntry();
    if (lowest != null && lowest.getKey() == upTo + 1) {
      upTo = lowest.getValue().last();
      neverHanded += lowest.getValue().neverHanded();
      ahead.pollFirstEntry();
    }
  }

  /** How many runs are kept above {@link #upTo}. */
  int runs() {
    return ahead.size();
  }
}
