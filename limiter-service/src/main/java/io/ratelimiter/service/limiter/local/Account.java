package io.ratelimiter.service.limiter.local;

import io.ratelimiter.service.limiter.evaluation.KeyState;
import io.ratelimiter.service.rules.Policy;

/**
 * What one key has consumed under one algorithm. The Lua file of the algorithm implements the same;
 * here the time is an argument. Not thread-safe.
 *
 * <p>Every use begins with {@link #evaluate}, which computes the key's own time and what is
 * consumed at it, without changing what is stored. {@link #take}, {@link #give} and {@link #keep}
 * then store the result.
 */
abstract sealed class Account implements Cloneable
    permits BucketAccount, WindowAccount, CounterAccount, LogAccount {

  private static final long UNTOUCHED = Long.MIN_VALUE;

  private long lastMicros = UNTOUCHED;
  private long atMicros;
  private boolean rebased;

  static Account of(Policy policy) {
    return switch (policy) {
      case Policy.TokenBucket _ -> new BucketAccount();
      case Policy.FixedWindow _ -> new WindowAccount();
      case Policy.SlidingWindow _ -> new LogAccount();
      case Policy.SlidingWindowCounter _ -> new CounterAccount();
      case Policy.Ban _ -> throw new IllegalArgumentException("rate 0 is not counted");
    };
  }

  /** As {@link #evaluate(Policy, long, long)}, where no more than the capacity can be consumed. */
  final void evaluate(Policy policy, long nowMicros) {
    evaluate(policy, policy.capacity(), nowMicros);
  }

  /**
   * Computes the state at {@code nowMicros} under {@code policy}, which may have changed since.
   *
   * @param ceiling max units that the account can hold
   */
  final void evaluate(Policy policy, long ceiling, long nowMicros) {
    boolean untouched = lastMicros == UNTOUCHED;
    rebased = !untouched && nowMicros < lastMicros - policy.windowMicros();
    atMicros = untouched || rebased ? nowMicros : Math.max(nowMicros, lastMicros + 1);
    evaluateAt(policy, ceiling, untouched ? atMicros : lastMicros);
  }

  /** The key's own time as of the last evaluation, microseconds since 1970. */
  final long atMicros() {
    return atMicros;
  }

  /** Whether that time was set back, because the clock went back by more than the window. */
  final boolean rebased() {
    return rebased;
  }

  /** Adds the cost and stores the state. */
  final void take(long cost) {
    add(cost);
    keep();
  }

  /**
   * Removes consumption, at most all, and stores the state.
   *
   * @return whole units given back
   */
  final long give(long cost) {
    if (consumedNothing()) {
      return 0;
    }
    long given = remove(cost);
    keep();
    return given;
  }

  /**
   * A charge of this account.
   *
   * @param atMicros the key's own time of the charge, microseconds since 1970
   * @param cost units
   * @param debtMillionths the debt of a bucket after it, millionths of a unit; else 0
   * @param givenBefore units that settlements had given back on the account before
   * @param limit of a bucket, units per window; else 0
   */
  record Charge(long atMicros, long cost, long debtMillionths, long givenBefore, long limit) {}

  /**
   * The charge that was taken since the last evaluation.
   *
   * @param cost units
   * @param givenBefore units that settlements have given back on the account so far
   */
  final Charge lastCharge(long cost, long givenBefore) {
    return new Charge(atMicros, cost, debtMillionths(), givenBefore, limit());
  }

  /**
   * Removes units of one earlier charge, as far as it still counts, and stores the state.
   *
   * @param given units that settlements have given back on the account so far
   * @param cost max units to remove
   * @return whole units given back; none after the clock went back
   */
  final long giveOf(Charge charge, long given, long cost) {
    if (rebased || charge.atMicros() > atMicros) {
      return 0;
    }
    long removed = removeOf(charge, given, cost);
    if (removed > 0) {
      keep();
    }
    return removed;
  }

  /** Stores the state of the last evaluation. */
  final void keep() {
    lastMicros = atMicros;
    store();
  }

  /** A copy of this account, including the state of its last evaluation. */
  Account copy() {
    try {
      return (Account) clone();
    } catch (CloneNotSupportedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Number of charges that are stored separately; 0 for an account of sums. */
  int entries() {
    return 0;
  }

  /** Memory of the entries, bytes. */
  int logBytes() {
    return 0;
  }

  /** Additional memory that the next charge takes, bytes. */
  int growthBytes() {
    return 0;
  }

  /** Reduces the entries below this number; some of them then count for longer. */
  void coarsenTo(int fewer) {
    // Sums need no entries.
  }

  /**
   * The state as of the last evaluation.
   *
   * @param policy the policy of that evaluation
   * @param cost the cost for which the state is to give the retry time
   */
  abstract KeyState state(Policy policy, long cost);

  /** Whole units consumed as of the last evaluation, rounded down. */
  abstract long consumed();

  boolean consumedNothing() {
    return consumed() == 0;
  }

  /**
   * Computes the state at {@link #atMicros}.
   *
   * @param ceiling max units that the account can hold; used by a bucket only
   * @param lastMicros time of the stored state; equal to {@link #atMicros} when nothing is stored
   */
  abstract void evaluateAt(Policy policy, long ceiling, long lastMicros);

  abstract void add(long cost);

  abstract long remove(long cost);

  /** Removes units of a charge, as far as it still counts; returns whole units. */
  abstract long removeOf(Charge charge, long given, long cost);

  /** The limit of a bucket as of the last evaluation, units per window; 0 for other accounts. */
  long limit() {
    return 0;
  }

  /** The debt of a bucket as of the last evaluation or charge; 0 for other accounts. */
  long debtMillionths() {
    return 0;
  }

  abstract void store();
}
