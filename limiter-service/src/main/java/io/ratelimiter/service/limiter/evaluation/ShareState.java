package io.ratelimiter.service.limiter.evaluation;

import static io.ratelimiter.service.limiter.LimitOutcome.Evaluated.NEVER;

/**
 * The state of this instance's share of a limit while the store is down.
 *
 * @param share the state under the share
 * @param wholeCapacity the max cost that the whole limit allows, units
 */
public record ShareState(KeyState share, long wholeCapacity) implements KeyState {

  @Override
  public long remaining() {
    return share.remaining();
  }

  /** A cost above the share but within the whole limit may pass later, once the store is back. */
  @Override
  public long retryAfterMicros(long cost) {
    long retryAfter = share.retryAfterMicros(cost);
    return retryAfter == NEVER && cost <= wholeCapacity
        ? Math.max(share.resetAfterMicros(), share.nextUnitMicros())
        : retryAfter;
  }

  @Override
  public long startAfterMicros(long cost) {
    return share.startAfterMicros(cost);
  }

  @Override
  public long chargedStartMicros() {
    return share.chargedStartMicros();
  }

  @Override
  public long resetAfterMicros() {
    return share.resetAfterMicros();
  }

  @Override
  public long nextUnitMicros() {
    return share.nextUnitMicros();
  }
}
