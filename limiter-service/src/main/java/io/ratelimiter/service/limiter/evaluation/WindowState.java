package io.ratelimiter.service.limiter.evaluation;

import static io.ratelimiter.service.limiter.LimitOutcome.Evaluated.NEVER;

import io.ratelimiter.service.rules.Policy;

/**
 * The state of a fixed window: {@code used} units in the window of {@code atMicros}.
 *
 * @param atMicros the key's own time, microseconds since 1970
 */
public record WindowState(Policy.FixedWindow policy, long atMicros, long used) implements KeyState {

  @Override
  public long remaining() {
    return Math.max(0, policy.limit() - used);
  }

  @Override
  public long retryAfterMicros(long cost) {
    if (cost > policy.limit()) {
      return NEVER;
    }
    return used + cost <= policy.limit() ? 0 : nextUnitMicros();
  }

  @Override
  public long resetAfterMicros() {
    return used == 0 ? 0 : nextUnitMicros();
  }

  @Override
  public long nextUnitMicros() {
    return policy.windowMicros() - atMicros % policy.windowMicros();
  }
}
