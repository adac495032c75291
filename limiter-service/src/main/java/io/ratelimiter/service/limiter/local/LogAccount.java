package io.ratelimiter.service.limiter.local;

import io.ratelimiter.service.limiter.Consumption;
import io.ratelimiter.service.rules.Policy;

/**
 * The exact log: every charge until it leaves the window.
 *
 * <p>It can be made coarser, so that it takes less memory: neighbouring entries are merged at the
 * time of the later one. No charge is lost, and each leaves the window later, never earlier.
 */
final class LogAccount extends Account {

  private LogEntries entries = new LogEntries();

  /** How many of the oldest entries had left the window at the last evaluation. */
  private int left;

  private long used;

  @Override
  Account copy() {
    LogAccount copy = (LogAccount) super.copy();
    copy.entries = entries.copy();
    return copy;
  }

  @Override
  int entries() {
    return entries.size();
  }

  @Override
  int logBytes() {
    return entries.bytes();
  }

  @Override
  int growthBytes() {
    return entries.growthBytes(entries.size() - left);
  }

  @Override
  void coarsenTo(int fewer) {
    if (entries.size() >= fewer) {
      trim();
    }
    while (entries.size() >= fewer && entries.size() > 1) {
      entries.mergePairs();
    }
  }

  @Override
  void lookAt(Policy policy, long lastMicros) {
    long horizonMicros = (rebased() ? lastMicros : atMicros()) - policy.windowMicros();
    left = 0;
    used = entries.total();
    while (left < entries.size() && entries.micros(left) <= horizonMicros) {
      used -= entries.cost(left);
      left++;
    }
  }

  @Override
  Consumption consumption(Policy policy, long cost) {
    Policy.SlidingWindow window = (Policy.SlidingWindow) policy;
    return new Consumption.Log(
        window,
        atMicros(),
        used,
        used == 0 ? 0 : countedMicros(left),
        used == 0 ? 0 : countedMicros(entries.size() - 1),
        leavesMicros(window.limit(), cost));
  }

  /** Time of the entry after whose expiry the cost is allowed; 0 if it is allowed now or never. */
  private long leavesMicros(long limit, long cost) {
    long toLeave = used + cost - limit;
    if (toLeave <= 0 || cost > limit) {
      return 0;
    }
    int entry = left;
    while (toLeave > entries.cost(entry)) {
      toLeave -= entries.cost(entry);
      entry++;
    }
    return countedMicros(entry);
  }

  /** After a rebase all charges that count have the new time. */
  private long countedMicros(int entry) {
    return rebased() ? atMicros() : entries.micros(entry);
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
    long joined = cost;
    if (rebased() && entries.size() > 0) {
      // The entry of the rebase stands at this very time: the cost joins it.
      joined += entries.cost(entries.size() - 1);
      entries.removeLast();
    }
    entries.addLast(atMicros(), joined);
    used += cost;
  }

  @Override
  long remove(long cost) {
    trim();
    long given = Math.min(used, cost);
    long toGive = given;
    while (toGive > 0) {
      int newest = entries.size() - 1;
      long micros = entries.micros(newest);
      long kept = entries.cost(newest) - toGive;
      toGive -= Math.min(toGive, entries.cost(newest));
      entries.removeLast();
      if (kept > 0) {
        entries.addLast(micros, kept);
      }
    }
    used -= given;
    return given;
  }

  @Override
  void store() {
    trim();
    entries.shrink();
  }

  /** Drops what has left the window; after a rebase the rest is one entry at the new time. */
  private void trim() {
    entries.removeFirst(left);
    left = 0;
    if (rebased() && used > 0 && entries.micros(entries.size() - 1) != atMicros()) {
      entries.clear();
      entries.addLast(atMicros(), used);
    }
  }
}
