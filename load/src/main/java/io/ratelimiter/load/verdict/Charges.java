package io.ratelimiter.load.verdict;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The charges of one token bucket, to verify its bound.
 *
 * <p>For every interval, the charged costs minus the refill are at most the capacity: {@code max
 * over i <= j of sum(c[i..j]) - (t[j] - t[i]) * L / W <= B}. A running maximum finds it in one pass
 * (Kadane's algorithm). All values are whole millionths of a unit, and the refill is rounded down
 * as in the store, so that a correct store meets the bound exactly.
 *
 * <p>For a check that waits, what is refilled until it starts is not in use; for one of a lower
 * priority, what is kept from it is. What a settlement gives back reduces the charge at its own
 * time: it must be units of that charge, never of later ones.
 */
final class Charges {

  private static final long UNIT = 1_000_000;

  /**
   * A change of the bucket.
   *
   * @param decisionId of a check; empty for a settlement
   * @param units charged
   * @param allowed millionths of a unit by which the capacity may be exceeded; negative where a
   *     part of it is kept
   */
  private record Change(String decisionId, long atMicros, long units, long allowed) {}

  private final List<Change> changes = new ArrayList<>();
  private final Map<String, Long> givenBack = new HashMap<>();
  private final long limit;
  private final long windowSeconds;
  private long checks;
  private long firstMicros = Long.MAX_VALUE;
  private long lastMicros = Long.MIN_VALUE;

  Charges(long limit, long windowSeconds) {
    this.limit = limit;
    this.windowSeconds = windowSeconds;
  }

  /** Records a check at this time of the store, microseconds. */
  void checked(long at) {
    checks++;
    firstMicros = Math.min(firstMicros, at);
    lastMicros = Math.max(lastMicros, at);
  }

  /**
   * Records a charge at this time of the store, microseconds.
   *
   * @param decisionId of the check
   * @param cost units
   * @param reserve units that are kept from its priority
   * @param waitMicros time until it starts
   */
  void charged(String decisionId, long at, long cost, long reserve, long waitMicros) {
    changes.add(new Change(decisionId, at, cost, refilled(waitMicros) - reserve * UNIT));
  }

  /** Records units that the settlement of a decision gave back. */
  void gaveBack(String decisionId, long units) {
    givenBack.merge(decisionId, units, Long::sum);
  }

  /** Records units that a settlement charged in addition. */
  void took(long at, long units, long overdraft) {
    changes.add(new Change("", at, units, overdraft * UNIT));
  }

  private long net(Change change) {
    return Math.max(0, change.units() - givenBack.getOrDefault(change.decisionId(), 0L));
  }

  /**
   * The max of units in use at any time, millionths of a unit, less those that may exceed the
   * capacity.
   */
  long maxUsed() {
    changes.sort(Comparator.comparingLong(Change::atMicros));
    long level = 0;
    long max = 0;
    long last = 0;
    for (Change change : changes) {
      level = Math.max(0, level - refilled(change.atMicros() - last)) + net(change) * UNIT;
      last = change.atMicros();
      max = Math.max(max, level - change.allowed());
    }
    return max;
  }

  /** Refill within these microseconds, millionths of a unit; {@code Long.MAX_VALUE} on overflow. */
  private long refilled(long micros) {
    return micros > Long.MAX_VALUE / limit ? Long.MAX_VALUE : micros * limit / windowSeconds;
  }

  /** Units charged, less those given back. */
  long units() {
    return changes.stream().mapToLong(this::net).sum();
  }

  /** Units that are refilled from the first check to the last. */
  long due() {
    return (lastMicros - firstMicros) * limit / windowSeconds / UNIT;
  }

  long checks() {
    return checks;
  }
}
