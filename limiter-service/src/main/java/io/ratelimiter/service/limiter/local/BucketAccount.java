package io.ratelimiter.service.limiter.local;

import io.ratelimiter.service.limiter.Consumption;
import io.ratelimiter.service.rules.Policy;

/** A token bucket's debt, in millionths of a unit. */
final class BucketAccount extends Account {

  private static final long MILLIONTHS = 1_000_000;

  private long kept;
  private long debt;

  @Override
  void lookAt(Policy policy, long lastMicros) {
    Policy.TokenBucket bucket = (Policy.TokenBucket) policy;
    debt = Math.min(kept, bucket.burst() * MILLIONTHS);
    if (!rebased()) {
      long emptied = new Consumption.Debt(bucket, debt).resetAfterMicros();
      debt = Math.max(0, debt - refill(bucket, Math.min(atMicros() - lastMicros, emptied)));
    }
  }

  /** ⌊elapsed·L/W⌋ in millionths, from elapsed = q·W + r as q·L + ⌊r·L/W⌋. */
  private static long refill(Policy.TokenBucket bucket, long elapsedMicros) {
    long seconds = bucket.windowSeconds();
    return elapsedMicros / seconds * bucket.limit()
        + elapsedMicros % seconds * bucket.limit() / seconds;
  }

  @Override
  Consumption consumption(Policy policy, long cost) {
    return new Consumption.Debt((Policy.TokenBucket) policy, debt);
  }

  @Override
  long consumed() {
    return debt / MILLIONTHS;
  }

  @Override
  boolean consumedNothing() {
    return debt == 0;
  }

  @Override
  void add(long cost) {
    debt += cost * MILLIONTHS;
  }

  @Override
  long remove(long cost) {
    long given = Math.min(debt, cost * MILLIONTHS);
    debt -= given;
    return given / MILLIONTHS;
  }

  @Override
  void store() {
    kept = debt;
  }
}
