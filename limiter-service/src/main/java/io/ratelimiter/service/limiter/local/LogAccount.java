package io.ratelimiter.service.limiter.local;

import io.ratelimiter.service.limiter.evaluation.KeyState;
import io.ratelimiter.service.limiter.evaluation.LogState;
import io.ratelimiter.service.rules.Policy;

/**
 * An exact log: every charge until it leaves the window.
 *
 * <p>To take less memory, neighbouring entries can be merged at the time of the later one. No
 * charge is lost, and each leaves the window at the same time or later.
 */
final class LogAccount extends Account {

  /**
   * Max number of entries after that of a charge from which units are given back; as charge.lua.
   */
  private static final int MAX_LATER_ENTRIES = 500;

  private LogEntries entries = new LogEntries();

  /** Number of the oldest entries that had left the window at the last evaluation. */
  private int expired;

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
    return entries.growthBytes(entries.size() - expired);
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
  void evaluateAt(Policy policy, long ceiling, long lastMicros) {
    long horizonMicros = (rebased() ? lastMicros : atMicros()) - policy.windowMicros();
    expired = 0;
    used = entries.total();
    while (expired < entries.size() && entries.micros(expired) <= horizonMicros) {
      used -= entries.cost(expired);
      expired++;
    }
  }

  @Override
  KeyState state(Policy policy, long cost) {
    Policy.SlidingWindow window = (Policy.SlidingWindow) policy;
    return new LogState(
        window,
        atMicros(),
        used,
        used == 0 ? 0 : countedMicros(expired),
        used == 0 ? 0 : countedMicros(entries.size() - 1),
        decisiveMicros(window.limit(), cost));
  }

  /** Time of the entry after whose expiry the cost passes; 0 if it passes now or never will. */
  private long decisiveMicros(long limit, long cost) {
    long toExpire = used + cost - limit;
    if (toExpire <= 0 || cost > limit) {
      return 0;
    }
    int entry = expired;
    while (toExpire > entries.cost(entry)) {
      toExpire -= entries.cost(entry);
      entry++;
    }
    return countedMicros(entry);
  }

  /** The time at which an entry counts: after a rebase the new time. */
  private long countedMicros(int entry) {
    return rebased() ? atMicros() : entries.micros(entry);
  }

  @Override
  long consumed() {
    return used;
  }

  @Override
  void add(long cost) {
    trim();
    long joined = cost;
    if (rebased() && entries.size() > 0) {
      // The entry of the rebase has the same time: the cost is added to it.
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

  /** Reduces the charge's own entry only, and not if more than 500 entries follow it. */
  @Override
  long removeOf(Charge charge, long cost) {
    int own = entries.size() - 1;
    while (own >= expired && entries.micros(own) > charge.atMicros()) {
      own--;
    }
    if (own < expired
        || entries.micros(own) != charge.atMicros()
        || entries.size() - 1 - own > MAX_LATER_ENTRIES) {
      return 0;
    }
    long given = Math.min(cost, entries.cost(own));
    entries.reduce(own, given);
    used -= given;
    return given;
  }

  @Override
  void store() {
    trim();
    entries.shrink();
  }

  /** Drops expired entries; after a rebase the others become one entry at the new time. */
  private void trim() {
    entries.removeFirst(expired);
    expired = 0;
    if (rebased() && used > 0 && entries.micros(entries.size() - 1) != atMicros()) {
      entries.clear();
      entries.addLast(atMicros(), used);
    }
  }
}
