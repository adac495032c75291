package io.ratelimiter.service.limiter.local;

import io.ratelimiter.service.limiter.evaluation.BucketState;
import io.ratelimiter.service.limiter.evaluation.KeyState;
import io.ratelimiter.service.rules.Policy;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One key of the reference model, evaluated at the times that a run's events report. */
public final class ModelKey {

  private final Map<String, Account.Charge> charges = new HashMap<>();
  private Account account;
  private long expiresAtMillis = Long.MAX_VALUE;

  /** An untouched key. */
  public ModelKey(Policy policy) {
    account = Account.of(policy);
  }

  /**
   * The state of the key.
   *
   * @param startAfterMicros as {@link KeyState#startAfterMicros}
   * @param atMicros the key's own time, later than the requested time if that is not later than the
   *     last charge
   */
  public record Found(long remaining, long startAfterMicros, long atMicros) {}

  /**
   * Evaluates the key at its own time {@code atMicros}.
   *
   * @param policy for the priority of the check
   * @param ceiling max units that a bucket can hold
   * @param clockMicros the store's clock, by which a key expires: at the time that followed from
   *     the rate with which it was written
   */
  public Found evaluate(Policy policy, long ceiling, long clockMicros, long atMicros, long cost) {
    if (clockMicros / 1_000 > expiresAtMillis) {
      reset(policy);
    }
    account.evaluate(policy, ceiling, atMicros);
    KeyState state = account.state(policy, cost);
    return new Found(state.remaining(), state.startAfterMicros(cost), account.atMicros());
  }

  /** Charges as of the last evaluation. Returns the whole units left. */
  public long take(Policy policy, long cost) {
    account.take(cost);
    return written(policy);
  }

  /**
   * Charges whole units as of the last evaluation, as far as they fit.
   *
   * @param capacity units that may be consumed then
   * @return the units charged
   */
  public long takeUpTo(Policy policy, long capacity, long cost) {
    long used =
        account.state(policy, 1) instanceof BucketState bucket
            ? Math.ceilDiv(bucket.debtMillionths(), 1_000_000L)
            : account.consumed();
    long taken = Math.clamp(capacity - used, 0, cost);
    if (taken > 0) {
      take(policy, taken);
    }
    return taken;
  }

  /** Remembers the charge that was just taken, for {@link #giveOf}. */
  public void remember(String decisionId) {
    charges.put(decisionId, account.lastCharge());
  }

  /**
   * Gives units of a decision back as of the last evaluation, as far as its charge still counts.
   *
   * @return the whole units given back; 0 for a decision that is not remembered
   */
  public long giveOf(Policy policy, String decisionId, long cost) {
    Account.@Nullable Charge charge = charges.get(decisionId);
    long given = charge == null ? 0 : account.giveOf(charge, cost);
    if (given > 0) {
      written(policy);
    }
    return given;
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
}
