package io.ratelimiter.service.limiter.proof;

import io.ratelimiter.service.rules.Policy;
import java.math.BigInteger;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * Adds up one key's charges and compares them with a bound, from the rule's numbers alone. What is
 * in use is never overestimated. Times must not decrease.
 */
abstract class Meter {

  static Meter of(Policy policy) {
    return switch (policy) {
      case Policy.TokenBucket bucket -> new Level(bucket);
      case Policy.FixedWindow window -> new PerWindow(window);
      case Policy.SlidingWindowCounter counter -> new PerWindow(counter);
      case Policy.SlidingWindow window -> new Trailing(window);
      case Policy.Ban _ -> throw new IllegalArgumentException("rate 0 is not counted");
    };
  }

  /** Adds a charge. */
  abstract void add(long atMicros, long cost);

  /**
   * Gives units of an earlier charge back, as far as that still counts.
   *
   * @param chargedAtMicros time of the charge
   */
  abstract void give(long atMicros, long units, long chargedAtMicros);

  /**
   * Whether what is in use as of the last change falls to the capacity within a time.
   *
   * @param capacity units
   * @param waitMicros the time; only a bucket refills meanwhile
   */
  abstract boolean within(long capacity, long waitMicros);

  /** Units, rounded up, by which the last change exceeded the capacity; 0 or less when within. */
  abstract long beyond(long capacity);

  /** Whether the cost would have stayed within the capacity, so that blocking it was wrong. */
  abstract boolean hasRoom(long atMicros, long cost, long capacity, long waitMicros);

  /** The running maximum of Σc − t·L/W, counted in units × window in µs so that it stays whole. */
  private static final class Level extends Meter {
    private final BigInteger unit;
    private final BigInteger limit;
    private BigInteger level = BigInteger.ZERO;
    private long last;

    Level(Policy.TokenBucket bucket) {
      unit = BigInteger.valueOf(bucket.windowMicros());
      limit = BigInteger.valueOf(bucket.limit());
    }

    private BigInteger units(long units) {
      return unit.multiply(BigInteger.valueOf(units));
    }

    private BigInteger refill(long micros) {
      return limit.multiply(BigInteger.valueOf(micros));
    }

    private BigInteger levelAt(long atMicros) {
      return level.subtract(refill(atMicros - last)).max(BigInteger.ZERO);
    }

    @Override
    void add(long atMicros, long cost) {
      level = levelAt(atMicros).add(units(cost));
      last = atMicros;
    }

    @Override
    void give(long atMicros, long units, long chargedAtMicros) {
      level = levelAt(atMicros).subtract(units(units)).max(BigInteger.ZERO);
      last = atMicros;
    }

    @Override
    boolean within(long capacity, long waitMicros) {
      return level.subtract(refill(waitMicros)).compareTo(units(capacity)) <= 0;
    }

    @Override
    long beyond(long capacity) {
      BigInteger[] units = level.subtract(units(capacity)).divideAndRemainder(unit);
      return units[0].longValueExact() + Math.max(0, units[1].signum());
    }

    /** One unit less, which allows for the store's rounding. */
    @Override
    boolean hasRoom(long atMicros, long cost, long capacity, long waitMicros) {
      BigInteger with = levelAt(atMicros).add(units(cost + 1)).subtract(refill(waitMicros));
      return with.compareTo(units(capacity)) <= 0;
    }
  }

  private static final class PerWindow extends Meter {
    private final Policy policy;
    private long window = Long.MIN_VALUE;
    private long sum;

    PerWindow(Policy policy) {
      this.policy = policy;
    }

    private long sumAt(long atMicros) {
      return atMicros / policy.windowMicros() == window ? sum : 0;
    }

    @Override
    void add(long atMicros, long cost) {
      sum = sumAt(atMicros) + cost;
      window = atMicros / policy.windowMicros();
    }

    @Override
    void give(long atMicros, long units, long chargedAtMicros) {
      if (chargedAtMicros / policy.windowMicros() == window) {
        sum -= Math.min(units, sum);
      }
    }

    @Override
    boolean within(long capacity, long waitMicros) {
      return sum <= capacity;
    }

    @Override
    long beyond(long capacity) {
      return sum - capacity;
    }

    @Override
    boolean hasRoom(long atMicros, long cost, long capacity, long waitMicros) {
      return sumAt(atMicros) + cost <= capacity;
    }
  }

  private static final class Trailing extends Meter {
    private final Policy policy;

    /** Units by the time of their charge. */
    private final NavigableMap<Long, Long> charges = new TreeMap<>();

    private long sum;

    Trailing(Policy policy) {
      this.policy = policy;
    }

    private void expire(long atMicros) {
      NavigableMap<Long, Long> expired = charges.headMap(atMicros - policy.windowMicros(), true);
      sum -= expired.values().stream().mapToLong(cost -> cost).sum();
      expired.clear();
    }

    @Override
    void add(long atMicros, long cost) {
      expire(atMicros);
      charges.merge(atMicros, cost, Long::sum);
      sum += cost;
    }

    @Override
    void give(long atMicros, long units, long chargedAtMicros) {
      expire(atMicros);
      long given = Math.min(units, charges.getOrDefault(chargedAtMicros, 0L));
      charges.computeIfPresent(chargedAtMicros, (_, cost) -> cost - given);
      sum -= given;
    }

    @Override
    boolean within(long capacity, long waitMicros) {
      return sum <= capacity;
    }

    @Override
    long beyond(long capacity) {
      return sum - capacity;
    }

    @Override
    boolean hasRoom(long atMicros, long cost, long capacity, long waitMicros) {
      expire(atMicros);
      return sum + cost <= capacity;
    }
  }
}
