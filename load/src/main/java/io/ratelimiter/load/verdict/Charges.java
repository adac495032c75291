package io.ratelimiter.load.verdict;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * What one key of a token bucket was charged, and whether it is within the bucket.
 *
 * <p>Whatever the code does, of every span the sum of the costs, less what flowed out meanwhile, is
 * at most the capacity: {@code max over i <= j of sum(c[i..j]) - (t[j] - t[i]) * L / W <= B}. The
 * running maximum finds it in one pass (Kadane). Millionths of a unit, whole numbers: what flows
 * out is rounded down as the store rounds it, so that an exact store meets the bound exactly.
 */
final class Charges {

  private static final long UNIT = 1_000_000;

  private long[] atMicros = new long[4];
  private long[] costs = new long[4];
  private int size;
  private long asked;
  private long firstMicros = Long.MAX_VALUE;
  private long lastMicros = Long.MIN_VALUE;

  /** Somebody asked for this key at this time of its own. */
  void asked(long at) {
    asked++;
    firstMicros = Math.min(firstMicros, at);
    lastMicros = Math.max(lastMicros, at);
  }

  void charged(long at, long cost) {
    if (size == costs.length) {
      atMicros = Arrays.copyOf(atMicros, 2 * size);
      costs = Arrays.copyOf(costs, 2 * size);
    }
    atMicros[size] = at;
    costs[size++] = cost;
  }

  /** The most that stood in the bucket at any time, millionths of a unit. */
  long most(long limit, long windowSeconds) {
    int[] inOrder =
        IntStream.range(0, size)
            .boxed()
            .sorted(Comparator.comparingLong(i -> atMicros[i]))
            .mapToInt(Integer::intValue)
            .toArray();
    long level = 0;
    long most = 0;
    long last = 0;
    for (int i : inOrder) {
      level = Math.max(0, level - flown(atMicros[i] - last, limit, windowSeconds));
      level += costs[i] * UNIT;
      last = atMicros[i];
      most = Math.max(most, level);
    }
    return most;
  }

  /** In so many microseconds, millionths of a unit; saturated. */
  private static long flown(long micros, long limit, long windowSeconds) {
    return micros > Long.MAX_VALUE / limit ? Long.MAX_VALUE : micros * limit / windowSeconds;
  }

  /** Units charged. */
  long units() {
    return Arrays.stream(costs, 0, size).sum();
  }

  /** Units that a key gets that is asked all the time, from its first check to its last. */
  long units(long limit, long windowSeconds, long burst) {
    return burst + (lastMicros - firstMicros) * limit / windowSeconds / UNIT;
  }

  long asked() {
    return asked;
  }
}
