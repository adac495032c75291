package io.ratelimiter.load.verdict;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * The charges of one token bucket, to verify its bound.
 *
 * <p>For every interval, the charged costs minus the refill are at most the capacity: {@code max
 * over i <= j of sum(c[i..j]) - (t[j] - t[i]) * L / W <= B}. A running maximum finds it in one pass
 * (Kadane's algorithm). All values are whole millionths of a unit, and the refill is rounded down
 * as in the store, so that a correct store meets the bound exactly.
 */
final class Charges {

  private static final long UNIT = 1_000_000;

  private long[] atMicros = new long[4];
  private long[] costs = new long[4];
  private int size;
  private long checks;
  private long firstMicros = Long.MAX_VALUE;
  private long lastMicros = Long.MIN_VALUE;

  /** Records a check at this time of the store, microseconds. */
  void checked(long at) {
    checks++;
    firstMicros = Math.min(firstMicros, at);
    lastMicros = Math.max(lastMicros, at);
  }

  /** Records a charge at this time of the store, microseconds. */
  void charged(long at, long cost) {
    if (size == costs.length) {
      atMicros = Arrays.copyOf(atMicros, 2 * size);
      costs = Arrays.copyOf(costs, 2 * size);
    }
    atMicros[size] = at;
    costs[size++] = cost;
  }

  /** The max of units in use at any time, millionths of a unit. */
  long maxUsed(long limit, long windowSeconds) {
    int[] inOrder =
        IntStream.range(0, size)
            .boxed()
            .sorted(Comparator.comparingLong(i -> atMicros[i]))
            .mapToInt(Integer::intValue)
            .toArray();
    long level = 0;
    long max = 0;
    long last = 0;
    for (int i : inOrder) {
      level = Math.max(0, level - refilled(atMicros[i] - last, limit, windowSeconds));
      level += costs[i] * UNIT;
      last = atMicros[i];
      max = Math.max(max, level);
    }
    return max;
  }

  /** Refill within these microseconds, millionths of a unit; {@code Long.MAX_VALUE} on overflow. */
  private static long refilled(long micros, long limit, long windowSeconds) {
    return micros > Long.MAX_VALUE / limit ? Long.MAX_VALUE : micros * limit / windowSeconds;
  }

  /** Units charged. */
  long units() {
    return Arrays.stream(costs, 0, size).sum();
  }

  /** Units that a continuously checked key gets from its first check to its last. */
  long units(long limit, long windowSeconds, long burst) {
    return burst + (lastMicros - firstMicros) * limit / windowSeconds / UNIT;
  }

  long checks() {
    return checks;
  }
}
