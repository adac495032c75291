package io.ratelimiter.auditor.completeness;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The missing numbers of a series, as ascending ranges, each with the time after and before which
 * its numbers were issued, microseconds since 1970. Immutable.
 *
 * <p>A publisher loses or spools consecutive numbers, so there are few ranges; removing a number
 * needs a binary search and a copy.
 */
final class Gaps {

  static final Gaps NONE = new Gaps(new long[0]);

  private static final int STRIDE = 4;

  /** First number, last number, time after, time before of each range. */
  private final long[] ranges;

  private Gaps(long[] ranges) {
    this.ranges = ranges;
  }

  static Gaps decode(byte @Nullable [] bytes) {
    if (bytes == null) {
      return NONE;
    }
    ByteBuffer in = StateVersion.read(bytes);
    long[] ranges = new long[in.remaining() / Long.BYTES];
    in.asLongBuffer().get(ranges);
    return new Gaps(ranges);
  }

  byte[] encode() {
    ByteBuffer out = ByteBuffer.allocate(1 + ranges.length * Long.BYTES);
    StateVersion.write(out).asLongBuffer().put(ranges);
    return out.array();
  }

  int ranges() {
    return ranges.length / STRIDE;
  }

  boolean isEmpty() {
    return ranges.length == 0;
  }

  long first(int range) {
    return ranges[STRIDE * range];
  }

  long last(int range) {
    return ranges[STRIDE * range + 1];
  }

  /** A time after which the numbers of a range were issued; 0 if unknown. */
  long after(int range) {
    return ranges[STRIDE * range + 2];
  }

  /** A time before which the numbers of a range were issued. */
  long before(int range) {
    return ranges[STRIDE * range + 3];
  }

  /**
   * These and a further range, which begins above all of them. It extends the highest one if it
   * touches it and is of the same hours, so that ledgers do not add a range each.
   */
  Gaps and(long first, long last, long after, long before) {
    int highest = ranges() - 1;
    if (highest >= 0
        && last(highest) == first - 1
        && TimedCounts.hour(after(highest)) == TimedCounts.hour(after)
        && TimedCounts.hour(before(highest)) == TimedCounts.hour(before)) {
      return with(
          highest,
          first(highest),
          last,
          Math.min(after(highest), after),
          Math.max(before(highest), before));
    }
    return new Gaps(Arrays.copyOf(ranges, ranges.length + STRIDE))
        .set(highest + 1, first, last, after, before);
  }

  /** The range with this number; -1 if the number is not missing. */
  int rangeOf(long number) {
    int range = rangeFrom(number);
    return range == ranges() || first(range) > number ? -1 : range;
  }

  /** These without {@code number} of {@code range}, which was issued at {@code at}. */
  Gaps fill(int range, long number, long at) {
    long first = first(range);
    long last = last(range);
    if (first == last) {
      return without(range);
    }
    if (first == number) {
      return with(range, number + 1, last, at, before(range));
    }
    if (last == number) {
      return with(range, first, number - 1, after(range), at);
    }
    return split(range, number, at);
  }

  /** Number of missing numbers above {@code from}, up to and including {@code to}. */
  long countIn(long from, long to) {
    long count = 0;
    for (int range = rangeFrom(from + 1); range < ranges() && first(range) <= to; range++) {
      count += Math.min(last(range), to) - Math.max(first(range), from + 1) + 1;
    }
    return count;
  }

  /** Index of the first range that ends at or above {@code number}. */
  private int rangeFrom(long number) {
    int low = 0;
    int high = ranges();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (last(middle) < number) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /** These without a range. */
  Gaps without(int range) {
    long[] shorter = new long[ranges.length - STRIDE];
    System.arraycopy(ranges, 0, shorter, 0, STRIDE * range);
    System.arraycopy(
        ranges, STRIDE * (range + 1), shorter, STRIDE * range, shorter.length - STRIDE * range);
    return new Gaps(shorter);
  }

  private Gaps split(int range, long number, long at) {
    long[] longer = new long[ranges.length + STRIDE];
    System.arraycopy(ranges, 0, longer, 0, STRIDE * (range + 1));
    System.arraycopy(
        ranges, STRIDE * range, longer, STRIDE * (range + 1), ranges.length - STRIDE * range);
    return new Gaps(longer)
        .set(range, first(range), number - 1, after(range), at)
        .set(range + 1, number + 1, last(range), at, before(range));
  }

  private Gaps with(int range, long first, long last, long after, long before) {
    return new Gaps(ranges.clone()).set(range, first, last, after, before);
  }

  /** Changes these; for new ones only. */
  private Gaps set(int range, long first, long last, long after, long before) {
    ranges[STRIDE * range] = first;
    ranges[STRIDE * range + 1] = last;
    ranges[STRIDE * range + 2] = after;
    ranges[STRIDE * range + 3] = before;
    return this;
  }
}
