package io.ratelimiter.service.limiter.local;

import io.ratelimiter.service.limiter.evaluation.BucketState;
import io.ratelimiter.service.limiter.evaluation.KeyState;
import io.ratelimiter.service.rules.Policy;

/** A token bucket's debt, in millionths of a unit. */
final class BucketAccount extends Account {

  private static final long MILLIONTHS = 1_000_000;
  private static final BucketState NOTHING = new BucketState(new Policy.TokenBucket(1, 1, 1), 0, 0);

  private long kept;
  private BucketState found = NOTHING;

  @Override
  void evaluateAt(Policy policy, long ceiling, long lastMicros) {
    Policy.TokenBucket bucket = (Policy.TokenBucket) policy;
    long elapsed = rebased() ? 0 : atMicros() - lastMicros;
    found = new BucketState(bucket, Math.min(kept, ceiling * MILLIONTHS), elapsed);
  }

  @Override
  KeyState state(Policy policy, long cost) {
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
    set(found.debtMillionths() + cost * MILLIONTHS);
  }

  @Override
  long remove(long cost) {
    long debt = found.debtMillionths();
    long given = Math.min(debt, cost * MILLIONTHS);
    set(debt - given);
    return given / MILLIONTHS;
  }

  @Override
  long removeOf(Charge charge, long given, long cost) {
    long elapsed = atMicros() - charge.atMicros();
    long givenSince = given - charge.givenBefore();
    long debt = givenSince < 0 ? 0 : charge.debtMillionths() - givenSince * MILLIONTHS;
    long counted = Math.max(charge.cost() * MILLIONTHS, debt);
    BucketState alone = new BucketState(faster(charge), counted, elapsed);
    long left = Math.min(found.debtMillionths(), alone.debtMillionths());
    return remove(Math.min(cost, left / MILLIONTHS));
  }

  private Policy.TokenBucket faster(Charge charge) {
    Policy.TokenBucket bucket = found.policy();
    return charge.limit() <= bucket.limit()
        ? bucket
        : new Policy.TokenBucket(charge.limit(), bucket.windowSeconds(), bucket.burst());
  }

  @Override
  long limit() {
    return found.policy().limit();
  }

  @Override
  long debtMillionths() {
    return found.debtMillionths();
  }

  private void set(long debt) {
    found = new BucketState(found.policy(), debt, 0);
  }

  @Override
  void store() {
    kept = found.debtMillionths();
  }
}
