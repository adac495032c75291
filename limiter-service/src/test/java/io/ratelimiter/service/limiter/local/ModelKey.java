package io.ratelimiter.service.limiter.local;

import io.ratelimiter.service.limiter.evaluation.KeyState;
import io.ratelimiter.service.rules.Policy;

/** One key of the reference model, evaluated at the times that a run's events report. */
public final class ModelKey {

  private Account account;
  private long expiresAtMillis = Long.MAX_VALUE;

  /** An untouched key. */
  public ModelKey(Policy policy) {
    account = Account.of(policy);
  }

  /**
   * The state of the key.
   *
   * @param atMicros the key's own time, later than the requested time if that is not later than the
   *     last charge
   * @param retryAfterMicros as {@link KeyState#retryAfterMicros}
   */
  public record Found(boolean allowed, long remaining, long retryAfterMicros, long atMicros) {}

  /**
   * Evaluates the key at its own time {@code atMicros}.
   *
   * @param clockMicros the store's clock, by which a key expires: at the time that followed from
   *     the rate with which it was written
   */
  public Found evaluate(Policy policy, long clockMicros, long atMicros, long cost) {
    if (clockMicros / 1_000 > expiresAtMillis) {
      reset(policy);
    }
    account.evaluate(policy, atMicros);
    long retry = account.state(policy, cost).retryAfterMicros(cost);
    return new Found(retry == 0, remaining(policy), retry, account.atMicros());
  }

  /** Charges as of the last evaluation. Returns the whole units left. */
  public long take(Policy policy, long cost) {
    account.take(cost);
    return written(policy);
  }

  /** Refunds as of the last evaluation. Returns the whole units given back. */
  public long give(Policy policy, long cost) {
    long given = account.give(cost);
    written(policy);
    return given;
  }

  /** Whole units consumed as of the last evaluation, rounded down. */
  public long consumed() {
    return account.consumed();
  }

  /** Makes the key untouched. */
  public void reset(Policy policy) {
    account = Account.of(policy);
    expiresAtMillis = Long.MAX_VALUE;
  }

  private long written(Policy policy) {
    KeyState state = account.state(policy, 1);
    long untouchedIn = Math.max(1, state.resetAfterMicros());
    expiresAtMillis = Math.ceilDiv(account.atMicros() + untouchedIn, 1_000);
    return state.remaining();
  }

  private long remaining(Policy policy) {
    return account.state(policy, 1).remaining();
  }
}
