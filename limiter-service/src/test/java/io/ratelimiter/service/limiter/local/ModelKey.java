package io.ratelimiter.service.limiter.local;

import io.ratelimiter.service.limiter.Consumption;
import io.ratelimiter.service.rules.Policy;

/** One key of the reference model, asked at the times that a run's events tell. */
public final class ModelKey {

  private Account account;
  private long expiresAtMillis = Long.MAX_VALUE;

  /** An untouched key. */
  public ModelKey(Policy policy) {
    account = Account.of(policy);
  }

  /**
   * What stands there.
   *
   * @param atMicros the key's own time, later than {@code atMicros} of the question where that is
   *     not later than the last charge
   * @param retryAfterMicros as {@link Consumption#retryAfterMicros}
   */
  public record Found(boolean allowed, long remaining, long retryAfterMicros, long atMicros) {}

  /**
   * Looks at the key's own time {@code atMicros}.
   *
   * @param clockMicros the store's clock, by which a key expires: under a slower rate than it was
   *     written with it would be remembered for longer
   */
  public Found look(Policy policy, long clockMicros, long atMicros, long cost) {
    if (clockMicros / 1_000 > expiresAtMillis) {
      forget(policy);
    }
    account.look(policy, atMicros);
    long retry = account.consumption(policy, cost).retryAfterMicros(cost);
    return new Found(retry == 0, remaining(policy), retry, account.atMicros());
  }

  /** Charges as of the last look. Returns the whole units left. */
  public long take(Policy policy, long cost) {
    account.take(cost);
    return written(policy);
  }

  /** Gives back as of the last look. Returns the whole units given back. */
  public long give(Policy policy, long cost) {
    long given = account.give(cost);
    written(policy);
    return given;
  }

  /** Whole units consumed as of the last look, rounded down. */
  public long consumed() {
    return account.consumed();
  }

  /** Makes the key untouched. */
  public void forget(Policy policy) {
    account = Account.of(policy);
    expiresAtMillis = Long.MAX_VALUE;
  }

  private long written(Policy policy) {
    Consumption consumption = account.consumption(policy, 1);
    long untouchedIn = Math.max(1, consumption.resetAfterMicros());
    expiresAtMillis = Math.ceilDiv(account.atMicros() + untouchedIn, 1_000);
    return consumption.remaining();
  }

  private long remaining(Policy policy) {
    return account.consumption(policy, 1).remaining();
  }
}
