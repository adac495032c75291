package io.ratelimiter.service.limiter.local;

import io.ratelimiter.service.rules.Policy;

/**
 * This instance's part of each limit while the store is away and every instance counts alone.
 *
 * @param instances how many share each limit, at least 1
 */
record Shares(int instances) {

  Shares {
    if (instances < 1) {
      throw new IllegalArgumentException("instances must be at least 1, not " + instances);
    }
  }

  /** The policy with 1 ÷ instances of limit and burst, rounded up. */
  Policy of(Policy policy) {
    if (instances == 1) {
      return policy;
    }
    long limit = part(policy.limit());
    long window = policy.windowSeconds();
    return switch (policy) {
      case Policy.TokenBucket bucket ->
          new Policy.TokenBucket(
              limit, window, Math.min(part(bucket.burst()), longest(limit, window)));
      case Policy.FixedWindow _ -> new Policy.FixedWindow(limit, window);
      case Policy.SlidingWindow _ -> new Policy.SlidingWindow(limit, window);
      case Policy.SlidingWindowCounter _ -> new Policy.SlidingWindowCounter(limit, window);
    };
  }

  private long part(long units) {
    return Math.ceilDiv(units, instances);
  }

  /** Rounding both up may lift burst ÷ limit above what a policy allows. */
  private static long longest(long limit, long windowSeconds) {
    return Policy.MAX_REFILL_SECONDS * limit / windowSeconds;
  }
}
