package io.ratelimiter.service.limiter.evaluation;

import static io.ratelimiter.service.limiter.LimitOutcome.Evaluated.NEVER;

import io.ratelimiter.service.rules.Policy;

/**
 * What a key has consumed as of its own time. The store's scripts and the algorithms in this
 * process both decide and charge; remaining units and waiting times are computed here for both.
 *
 * <p>All durations are in microseconds from the key's own time. Arithmetic is exact: with the
 * bounds of {@link Policy} no product reaches 2^63, and every rounding is against the client.
 */
public sealed interface KeyState
    permits BucketState, WindowState, LogState, CounterState, ShareState {

  /** Whole units left, never negative. */
  long remaining();

  /**
   * Time until a check of {@code cost} passes if nothing else is charged: 0 when it passes now,
   * {@link io.ratelimiter.service.limiter.LimitOutcome.Evaluated#NEVER} when it is above the
   * capacity.
   */
  long retryAfterMicros(long cost);

  /**
   * Time until a check of {@code cost} that is charged now may start, microseconds: 0 when it
   * passes now, {@link io.ratelimiter.service.limiter.LimitOutcome.Evaluated#NEVER} when it cannot
   * wait.
   */
  default long startAfterMicros(long cost) {
    return retryAfterMicros(cost) == 0 ? 0 : NEVER;
  }

  /** As {@link #startAfterMicros}, of a check whose cost this state already includes. */
  default long chargedStartMicros() {
    return 0;
  }

  /** Time until all units are available again: 0 when nothing is consumed. */
  long resetAfterMicros();

  /**
   * Time until more than {@link #remaining()} units are available; with nothing consumed, as if a
   * unit were taken now.
   */
  long nextUnitMicros();
}
