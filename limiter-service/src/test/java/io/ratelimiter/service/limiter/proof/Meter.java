package io.ratelimiter.service.limiter.proof;

import io.ratelimiter.service.rules.Policy;
import java.math.BigInteger;
import java.util.ArrayDeque;
import java.util.Deque;

/** Adds up one key's charges and compares them with its bound, from the rule's numbers alone. */
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

  /** Adds a charge; false when the bound is exceeded. Times must not decrease. */
  abstract boolean add(long atMicros, long cost);

  /** Units, rounded up, by which the last charge exceeded the bound; 0 or less when within. */
  abstract long beyond();

  /** Whether the cost would have stayed within the bound, so that blocking it was wrong. */
  abstract boolean hasRoom(long atMicros, long cost);

  /** The running maximum of Σc − t·L/W, counted in units × window in µs so that it stays whole. */
  private static final class Level extends Meter {
    private final BigInteger unit;
    private final BigInteger limit;
    private final BigInteger bound;
    private BigInteger level = BigInteger.ZERO;
    private long last;

    Level(Policy.TokenBucket bucket) {
      unit = BigInteger.valueOf(bucket.windowMicros());
      limit = BigInteger.valueOf(bucket.limit());
      bound = unit.multiply(BigInteger.valueOf(bucket.burst()));
    }

    private BigInteger levelAt(long atMicros) {
      return level
          .subtract(BigInteger.valueOf(atMicros - last).multiply(limit))
          .max(BigInteger.ZERO);
    }

    @Override
    boolean add(long atMicros, long cost) {
      level = levelAt(atMicros).add(unit.multiply(BigInteger.valueOf(cost)));
      last = atMicros;
      return level.compareTo(bound) <= 0;
    }

    @Override
    long beyond() {
      BigInteger[] units = level.subtract(bound).divideAndRemainder(unit);
      return units[0].longValueExact() + Math.max(0, units[1].signum());
    }

    @Override
    boolean hasRoom(long atMicros, long cost) {
      BigInteger with = levelAt(atMicros).add(unit.multiply(BigInteger.valueOf(cost + 1)));
      return with.compareTo(bound) <= 0;
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
    boolean add(long atMicros, long cost) {
      sum = sumAt(atMicros) + cost;
      window = atMicros / policy.windowMicros();
      return sum <= policy.limit();
    }

    @Override
    long beyond() {
      return sum - policy.limit();
    }

    @Override
    boolean hasRoom(long atMicros, long cost) {
      return sumAt(atMicros) + cost <= policy.limit();
    }
  }

  private static final class Trailing extends Meter {
    private record Charge(long atMicros, long cost) {}

    private final Policy policy;
    private final Deque<Charge> charges = new ArrayDeque<>();
    private long sum;

    Trailing(Policy policy) {
      this.policy = policy;
    }

    private void expire(long atMicros) {
      while (!charges.isEmpty()
          && charges.getFirst().atMicros() <= atMicros - policy.windowMicros()) {
        sum -= charges.removeFirst().cost();
      }
    }

    @Override
    boolean add(long atMicros, long cost) {
      expire(atMicros);
      charges.addLast(new Charge(atMicros, cost));
      sum += cost;
      return sum <= policy.limit();
    }

    @Override
    long beyond() {
      return sum - policy.limit();
    }

    @Override
    boolean hasRoom(long atMicros, long cost) {
      expire(atMicros);
      return sum + cost <= policy.limit();
    }
  }
}
