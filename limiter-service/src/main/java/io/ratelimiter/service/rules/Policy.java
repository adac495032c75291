package io.ratelimiter.service.rules;

import java.util.OptionalLong;

/**
 * The algorithm of a rule and its numbers. Each number is within the bounds for which the
 * algorithms' whole-number arithmetic stays exact below 2^53.
 */
public sealed interface Policy {

  /** Max limit and burst, units. */
  long MAX_UNITS = 1_000_000_000L;

  /** Max window: 366 days, seconds. */
  long MAX_WINDOW_SECONDS = 31_622_400L;

  /** Keeps remainder × limit below 2^53. */
  long MAX_LIMIT_TIMES_WINDOW = 9_000_000_000_000_000L;

  /** Max time that an empty bucket may take to fill: 10 years, seconds. */
  long MAX_REFILL_SECONDS = 3_652L * 86_400;

  /** Max limit of the exact log, which stores an entry per charge. */
  long MAX_LOG_LIMIT = 10_000;

  /** Units per window, 0…{@value #MAX_UNITS}. */
  long limit();

  /** Length of the window, seconds. */
  long windowSeconds();

  /** How consumption is counted. */
  Algorithm algorithm();

  /** Max cost that can be allowed at once, units. */
  default long capacity() {
    return limit();
  }

  /** Length of the window, microseconds. */
  default long windowMicros() {
    return windowSeconds() * 1_000_000L;
  }

  /**
   * This policy with a smaller capacity: the burst of a bucket, the limit of a window.
   *
   * @param capacity units, from 1
   */
  default Policy withCapacity(long capacity) {
    return switch (this) {
      case TokenBucket _ -> new TokenBucket(limit(), windowSeconds(), capacity);
      case FixedWindow _ -> new FixedWindow(capacity, windowSeconds());
      case SlidingWindow _ -> new SlidingWindow(capacity, windowSeconds());
      case SlidingWindowCounter _ -> new SlidingWindowCounter(capacity, windowSeconds());
      case Ban ban -> ban;
    };
  }

  /**
   * The policy of these numbers.
   *
   * @param burst capacity of a token bucket, units; empty: the limit. Must be empty for any other
   *     algorithm
   * @throws IllegalArgumentException naming the number that is out of bounds
   */
  static Policy of(Algorithm algorithm, long limit, long windowSeconds, OptionalLong burst) {
    if (burst.isPresent() && algorithm != Algorithm.TOKEN_BUCKET) {
      throw new IllegalArgumentException(
          "burst is for token_bucket only, not for " + algorithm.wireName());
    }
    if (limit == 0) {
      if (burst.isPresent()) {
        throw new IllegalArgumentException("burst is not for rate 0, which allows nothing");
      }
      return new Ban(algorithm, windowSeconds);
    }
    return switch (algorithm) {
      case TOKEN_BUCKET -> new TokenBucket(limit, windowSeconds, burst.orElse(limit));
      case FIXED_WINDOW -> new FixedWindow(limit, windowSeconds);
      case SLIDING_WINDOW -> new SlidingWindow(limit, windowSeconds);
      case SLIDING_WINDOW_COUNTER -> new SlidingWindowCounter(limit, windowSeconds);
    };
  }

  /**
   * Refills continuously at limit ÷ window; holds at most {@code burst} tokens.
   *
   * @param burst capacity, units
   */
  record TokenBucket(long limit, long windowSeconds, long burst) implements Policy {
    public TokenBucket {
      checkBounds(limit, windowSeconds);
      if (burst < 1 || burst > MAX_UNITS) {
        throw new IllegalArgumentException("burst must be 1 to " + MAX_UNITS + ", not " + burst);
      }
      // burst ≤ 1e9 and window ≤ 3.2e7, so the product fits a long.
      if (burst * windowSeconds > MAX_REFILL_SECONDS * limit) {
        throw new IllegalArgumentException(
            "burst × window / rate must be at most 10 years, the time a full bucket takes to refill");
      }
    }

    @Override
    public Algorithm algorithm() {
      return Algorithm.TOKEN_BUCKET;
    }

    @Override
    public long capacity() {
      return burst;
    }
  }

  /** Counts from 0 in each window of the store's clock. */
  record FixedWindow(long limit, long windowSeconds) implements Policy {
    public FixedWindow {
      checkBounds(limit, windowSeconds);
    }

    @Override
    public Algorithm algorithm() {
      return Algorithm.FIXED_WINDOW;
    }
  }

  /** The exact log of the last window's charges. */
  record SlidingWindow(long limit, long windowSeconds) implements Policy {
    public SlidingWindow {
      checkBounds(limit, windowSeconds);
      if (limit > MAX_LOG_LIMIT) {
        throw new IllegalArgumentException(
            "rate of sliding_window must be at most "
                + MAX_LOG_LIMIT
                + ", not "
                + limit
                + "; sliding_window_counter has no such bound");
      }
    }

    @Override
    public Algorithm algorithm() {
      return Algorithm.SLIDING_WINDOW;
    }
  }

  /** Two counters; the previous window's is weighted by the part that the sliding window covers. */
  record SlidingWindowCounter(long limit, long windowSeconds) implements Policy {
    public SlidingWindowCounter {
      checkBounds(limit, windowSeconds);
    }

    @Override
    public Algorithm algorithm() {
      return Algorithm.SLIDING_WINDOW_COUNTER;
    }
  }

  /**
   * Allows nothing: the policy of rate 0, whatever the algorithm. The store does not evaluate it.
   */
  record Ban(Algorithm algorithm, long windowSeconds) implements Policy {
    public Ban {
      checkWindow(windowSeconds);
    }

    @Override
    public long limit() {
      return 0;
    }
  }

  private static void checkWindow(long windowSeconds) {
    if (windowSeconds < 1 || windowSeconds > MAX_WINDOW_SECONDS) {
      throw new IllegalArgumentException(
          "window must be 1 to " + MAX_WINDOW_SECONDS + " seconds, not " + windowSeconds);
    }
  }

  private static void checkBounds(long limit, long windowSeconds) {
    if (limit < 1 || limit > MAX_UNITS) {
      throw new IllegalArgumentException("rate must be 0 to " + MAX_UNITS + ", not " + limit);
    }
    checkWindow(windowSeconds);
    if (limit * windowSeconds > MAX_LIMIT_TIMES_WINDOW) {
      throw new IllegalArgumentException("rate × window must be at most " + MAX_LIMIT_TIMES_WINDOW);
    }
  }
}
