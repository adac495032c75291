package io.ratelimiter.service.limiter.evaluation;

import static io.ratelimiter.service.limiter.LimitOutcome.Evaluated.NEVER;

import io.ratelimiter.service.rules.Policy;

/**
 * The state of a token bucket: its debt, which is what was taken and has not been refilled. Waiting
 * times are computed from the debt as it was last written, since the current debt is rounded to a
 * millionth of a unit, which takes window ÷ limit microseconds to refill.
 *
 * @param policy with the capacity for the priority of the check
 * @param writtenMillionths the debt as last written, millionths of a unit; above the capacity after
 *     waiting checks and settlements
 * @param elapsedMicros time from then to the key's own time
 */
public record BucketState(Policy.TokenBucket policy, long writtenMillionths, long elapsedMicros)
    implements KeyState {

  private static final long MILLIONTHS = 1_000_000;

  /** The debt at the key's own time, in millionths of a unit. */
  public long debtMillionths() {
    return Math.max(
        0, writtenMillionths - refill(Math.min(elapsedMicros, drain(writtenMillionths))));
  }

  @Override
  public long remaining() {
    return Math.max(0, policy.burst() * MILLIONTHS - debtMillionths()) / MILLIONTHS;
  }

  @Override
  public long retryAfterMicros(long cost) {
    return cost > policy.burst() ? NEVER : untilMaxDebt((policy.burst() - cost) * MILLIONTHS);
  }

  @Override
  public long startAfterMicros(long cost) {
    long above = debtMillionths() + (cost - policy.burst()) * MILLIONTHS;
    return cost > policy.burst() ? NEVER : drain(Math.max(0, above));
  }

  @Override
  public long chargedStartMicros() {
    return drain(Math.max(0, debtMillionths() - policy.burst() * MILLIONTHS));
  }

  @Override
  public long resetAfterMicros() {
    return untilMaxDebt(0);
  }

  @Override
  public long nextUnitMicros() {
    long debt = debtMillionths();
    if (debt == 0) {
      return drain(MILLIONTHS);
    }
    // Down to the next whole number of units, below the capacity.
    long units = Math.min((debt - 1) / MILLIONTHS, policy.burst() - 1);
    return untilMaxDebt(units * MILLIONTHS);
  }

  private long untilMaxDebt(long debt) {
    return Math.max(0, drain(Math.max(0, writtenMillionths - debt)) - elapsedMicros);
  }

  /** ⌊elapsed·L/W⌋ in millionths, from elapsed = q·W + r as q·L + ⌊r·L/W⌋. */
  private long refill(long elapsed) {
    long limit = policy.limit();
    long seconds = policy.windowSeconds();
    return elapsed / seconds * limit + elapsed % seconds * limit / seconds;
  }

  /** ⌈debt·W/L⌉, from debt = q·L + r as q·W + ⌈r·W/L⌉. */
  private long drain(long debt) {
    long limit = policy.limit();
    long seconds = policy.windowSeconds();
    return debt / limit * seconds + Math.ceilDiv(debt % limit * seconds, limit);
  }
}
