package io.ratelimiter.auditor.completeness;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The missing numbers of a series, as ascending ranges with received numbers between them.
 * Immutable.
 *
 * <p>A publisher loses or spools consecutive numbers, so there are few ranges; removing a number
 * needs a binary search and a copy.
 */
final class Gaps {

  static final Gaps NONE = new Gaps(new long[0]);

  /** First and last number of each range, alternating. */
  private final long[] bounds;

  private Gaps(long[] bounds) {
    this.bounds = bounds;
  }

  static Gaps decode(byte @Nullable [] bytes) {
    if (bytes == null) {
      return NONE;
    }
    long[] bounds = new long[bytes.length / Long.BYTES];
    ByteBuffer.wrap(bytes).asLongBuffer().get(bounds);
    return new Gaps(bounds);
  }

  byte[] encode() {
    ByteBuffer bytes = ByteBuffer.allocate(bounds.length * Long.BYTES);
    bytes.asLongBuffer().put(bounds);
    return bytes.array();
  }

  int ranges() {
    return bounds.length / 2;
  }

  boolean isEmpty() {
    return bounds.length == 0;
  }

  /** These and a further range, which begins above all of them. */
  Gaps and(long first, long last) {
    long[] longer = Arrays.copyOf(bounds, bounds.length + 2);
    longer[bounds.length] = first;
    longer[bounds.length + 1] = last;
    return new Gaps(longer);
  }

  /** These without {@code number}; empty if it is not missing. */
  Optional<Gaps> fill(long number) {
    int range = rangeFrom(number);
    if (range == ranges() || bounds[2 * range] > number) {
      return Optional.empty();
    }
    long first = bounds[2 * range];
    long last = bounds[2 * range + 1];
    if (first == last) {
      return Optional.of(without(range));
    }
    if (first == number || last == number) {
      long[] shorter = bounds.clone();
      shorter[first == number ? 2 * range : 2 * range + 1] += first == number ? 1 : -1;
      return Optional.of(new Gaps(shorter));
    }
    return Optional.of(split(range, number));
  }

  /** These without the lowest range. */
  Gaps withoutLowest() {
    return without(0);
  }

  long lowestFirst() {
    return bounds[0];
  }

  long lowestLast() {
    return bounds[1];
  }

  /** Number of missing numbers above {@code from}, up to and including {@code to}. */
  long countIn(long from, long to) {
    long count = 0;
    for (int range = rangeFrom(from + 1); range < ranges() && bounds[2 * range] <= to; range++) {
      long first = Math.max(bounds[2 * range], from + 1);
      count += Math.min(bounds[2 * range + 1], to) - first + 1;
    }
    return count;
  }

  /** Index of the first range that ends at or above {@code number}. */
  private int rangeFrom(long number) {
    int low = 0;
    int high = ranges();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (bounds[2 * middle + 1] < number) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  private Gaps without(int range) {
    long[] shorter = new long[bounds.length - 2];
    System.arraycopy(bounds, 0, shorter, 0, 2 * range);
    System.arraycopy(bounds, 2 * range + 2, shorter, 2 * range, shorter.length - 2 * range);
    return new Gaps(shorter);
  }

  private Gaps split(int range, long number) {
    long[] longer = new long[bounds.length + 2];
    System.arraycopy(bounds, 0, longer, 0, 2 * range + 1);
    longer[2 * range + 1] = number - 1;
    longer[2 * range + 2] = number + 1;
    System.arraycopy(bounds, 2 * range + 1, longer, 2 * range + 3, bounds.length - 2 * range - 1);
    return new Gaps(longer);
  }
}
