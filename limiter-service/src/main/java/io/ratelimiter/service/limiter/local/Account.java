package io.ratelimiter.service.limiter.local;

import io.ratelimiter.service.limiter.Consumption;
import io.ratelimiter.service.rules.Policy;

/**
 * What one key has consumed, under one algorithm. The Lua files of the same names say the same;
 * here time is an argument. Not thread-safe: whoever holds an account guards it.
 *
 * <p>Every use begins with {@link #look}, which finds the key's own time and what counts at it
 * without changing what is kept. {@link #take}, {@link #give} and {@link #keep} then make that the
 * new state.
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
    };
  }

  /** Finds what counts at {@code nowMicros} under {@code policy}, which may have changed since. */
  final void look(Policy policy, long nowMicros) {
    boolean untouched = lastMicros == UNTOUCHED;
    rebased = !untouched && nowMicros < lastMicros - policy.windowMicros();
    atMicros = untouched || rebased ? nowMicros : Math.max(nowMicros, lastMicros + 1);
    lookAt(policy, untouched ? atMicros : lastMicros);
  }

  /** The key's own time as of the last look, microseconds since 1970. */
  final long atMicros() {
    return atMicros;
  }

  /** Whether that time was set back, because the clock went back by more than the window. */
  final boolean rebased() {
    return rebased;
  }

  /** Counts the cost. */
  final void take(long cost) {
    add(cost);
    keep();
  }

  /**
   * Takes consumption back, never below nothing.
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

  /** Makes what the last look found the state. */
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

  /** Number of charges that it keeps separately; 0 for an account of sums. */
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

  /** Reduces the entries below this number, by counting some of them for longer. */
  void coarsenTo(int fewer) {
    // Sums need no entries.
  }

  /** What counts as of the last look; the policy is that of the look. */
  abstract Consumption consumption(Policy policy, long cost);

  /** Whole units consumed as of the last look, rounded down. */
  abstract long consumed();

  abstract boolean consumedNothing();

  /** Finds what counts at {@link #atMicros}; {@code lastMicros} equals it when nothing is kept. */
  abstract void lookAt(Policy policy, long lastMicros);

  abstract void add(long cost);

  abstract long remove(long cost);

  abstract void store();
}
