package io.ratelimiter.service.limiter.evaluation;

import static io.ratelimiter.service.limiter.LimitOutcome.Evaluated.NEVER;

import io.ratelimiter.service.rules.Policy;

/**
 * The state of an exact sliding window log.
 *
 * @param atMicros the key's own time, microseconds since 1970
 * @param used units charged within the window before {@code atMicros}
 * @param oldestMicros time of the oldest charge in the window, 0 if none
 * @param newestMicros time of the newest charge in the window, 0 if none
 * @param decisiveMicros time of the charge after whose expiry the cost of the check passes; 0 if it
 *     passes now or never will
 */
public record LogState(
    Policy.SlidingWindow policy,
    long atMicros,
    long used,
    long oldestMicros,
    long newestMicros,
    long decisiveMicros)
    implements KeyState {

  @Override
  public long remaining() {
    return Math.max(0, policy.limit() - used);
  }

  /** Only for the cost of the check: the other entries of the log are in the store. */
  @Override
  public long retryAfterMicros(long cost) {
    if (cost > policy.limit()) {
      return NEVER;
    }
    return used + cost <= policy.limit() ? 0 : untilExpired(decisiveMicros);
  }

  @Override
  public long resetAfterMicros() {
    return used == 0 ? 0 : untilExpired(newestMicros);
  }

  @Override
  public long nextUnitMicros() {
    return used == 0 ? policy.windowMicros() : untilExpired(oldestMicros);
  }

  private long untilExpired(long entryMicros) {
    return entryMicros + policy.windowMicros() - atMicros;
  }
}
