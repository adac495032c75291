package io.ratelimiter.service.limiter.local;

import io.ratelimiter.service.rules.Policy;

/**
 * This instance's share of each limit while the store is down and every instance counts for itself.
 *
 * @param instances number of instances that share each limit, at least 1
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
    long limit = of(policy.limit());
    long window = policy.windowSeconds();
    return switch (policy) {
      case Policy.TokenBucket bucket ->
          new Policy.TokenBucket(
              limit, window, Math.min(of(bucket.burst()), maxBurst(limit, window)));
      case Policy.FixedWindow _ -> new Policy.FixedWindow(limit, window);
      case Policy.SlidingWindow _ -> new Policy.SlidingWindow(limit, window);
      case Policy.SlidingWindowCounter _ -> new Policy.SlidingWindowCounter(limit, window);
      case Policy.Ban ban -> ban;
    };
  }

  /** 1 ÷ instances of these units, rounded up. */
  long of(long units) {
    return Math.ceilDiv(units, instances);
  }

  /** Rounding up both could raise burst ÷ limit above the max of a policy. */
  private static long maxBurst(long limit, long windowSeconds) {
    return Policy.MAX_REFILL_SECONDS * limit / windowSeconds;
  }
}
