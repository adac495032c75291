package io.ratelimiter.service.limiter.local;

import io.ratelimiter.service.limiter.Consumption;
import io.ratelimiter.service.rules.Policy;

/** A token bucket's debt, in millionths of a unit. */
final class BucketAccount extends Account {

  private static final long MILLIONTHS = 1_000_000;
  private static final Consumption.Debt NOTHING =
      new Consumption.Debt(new Policy.TokenBucket(1, 1, 1), 0, 0);

  private long kept;
  private Consumption.Debt found = NOTHING;

  @Override
  void lookAt(Policy policy, long lastMicros) {
    Policy.TokenBucket bucket = (Policy.TokenBucket) policy;
    long elapsed = rebased() ? 0 : atMicros() - lastMicros;
    found = new Consumption.Debt(bucket, Math.min(kept, bucket.burst() * MILLIONTHS), elapsed);
  }

  @Override
  Consumption consumption(Policy policy, long cost) {
    return found;
  }

  @Override
  long consumed() {
    return found.debtMillionths() / MILLIONTHS;
  }

  @Override
  boolean consumedNothing() {
    return found.debtMillionths() == 0;
  }

  @Override
  void add(long cost) {
    become(found.debtMillionths() + cost * MILLIONTHS);
  }

  @Override
  long remove(long cost) {
    long debt = found.debtMillionths();
    long given = Math.min(debt, cost * MILLIONTHS);
    become(debt - given);
    return given / MILLIONTHS;
  }

  private void become(long debt) {
    found = new Consumption.Debt(found.policy(), debt, 0);
  }

  @Override
  void store() {
    kept = found.debtMillionths();
  }
}
