package io.ratelimiter.service.limiter.local;

import io.ratelimiter.service.limiter.Consumption;
import io.ratelimiter.service.rules.Policy;
import java.util.ArrayDeque;
import java.util.Deque;

/** The exact log: every charge until it leaves the window. */
final class LogAccount extends Account {

  private record Entry(long atMicros, long cost) {}

  private final Deque<Entry> entries = new ArrayDeque<>();
  private long horizonMicros;
  private long used;

  @Override
  int weight() {
    return 1 + entries.size() / 8;
  }

  @Override
  void lookAt(Policy policy, long lastMicros) {
    horizonMicros = (rebased() ? lastMicros : atMicros()) - policy.windowMicros();
    used = 0;
    for (Entry entry : entries) {
      used += counts(entry) ? entry.cost() : 0;
    }
  }

  private boolean counts(Entry entry) {
    return entry.atMicros() > horizonMicros;
  }

  @Override
  Consumption consumption(Policy policy, long cost) {
    Policy.SlidingWindow window = (Policy.SlidingWindow) policy;
    long oldest = 0;
    long newest = 0;
    long leaves = 0;
    long toLeave = used + cost - window.limit();
    for (Entry entry : entries) {
      if (counts(entry)) {
        long at = rebased() ? atMicros() : entry.atMicros();
        oldest = oldest == 0 ? at : oldest;
        newest = at;
        leaves = leaves == 0 && toLeave > 0 && toLeave <= entry.cost() ? at : leaves;
        toLeave -= entry.cost();
      }
    }
    return new Consumption.Log(
        window, atMicros(), used, oldest, newest, cost > window.limit() ? 0 : leaves);
  }

  @Override
  long consumed() {
    return used;
  }

  @Override
  boolean consumedNothing() {
    return used == 0;
  }

  @Override
  void add(long cost) {
    trim();
    if (rebased() && !entries.isEmpty()) {
      // The entry of the rebase stands at this very time: the cost joins it.
      entries.addLast(new Entry(atMicros(), entries.removeLast().cost() + cost));
    } else {
      entries.addLast(new Entry(atMicros(), cost));
    }
    used += cost;
    horizonMicros = Long.MIN_VALUE;
  }

  @Override
  long remove(long cost) {
    trim();
    long given = Math.min(used, cost);
    long left = given;
    while (left > 0) {
      Entry newest = entries.removeLast();
      if (newest.cost() > left) {
        entries.addLast(new Entry(newest.atMicros(), newest.cost() - left));
      }
      left -= Math.min(left, newest.cost());
    }
    used -= given;
    return given;
  }

  @Override
  void store() {
    trim();
  }

  /** Drops what has left the window; after a rebase the rest is one entry at the new time. */
  private void trim() {
    while (!entries.isEmpty() && !counts(entries.peekFirst())) {
      entries.removeFirst();
    }
    if (rebased() && used > 0 && entries.getLast().atMicros() != atMicros()) {
      entries.clear();
      entries.addLast(new Entry(atMicros(), used));
    }
    if (rebased()) {
      horizonMicros = Long.MIN_VALUE;
    }
  }
}
