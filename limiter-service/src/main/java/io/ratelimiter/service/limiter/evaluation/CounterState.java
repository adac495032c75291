package io.ratelimiter.service.limiter.evaluation;

import static io.ratelimiter.service.limiter.LimitOutcome.Evaluated.NEVER;

import io.ratelimiter.service.rules.Policy;

/**
 * The state of a sliding window counter.
 *
 * @param atMicros the key's own time, microseconds since 1970
 * @param previous units counted in the window before that of {@code atMicros}
 * @param current units counted in the window of {@code atMicros}
 */
public record CounterState(
    Policy.SlidingWindowCounter policy, long atMicros, long previous, long current)
    implements KeyState {

  private static final long MICROS = 1_000_000;

  @Override
  public long remaining() {
    return Math.max(0, policy.limit() - estimate());
  }

  /**
   * Units counted in the sliding window: ⌈previous × part of its window still covered⌉ + current.
   */
  public long estimate() {
    return covered(previous, left()) + current;
  }

  @Override
  public long retryAfterMicros(long cost) {
    if (cost > policy.limit()) {
      return NEVER;
    }
    long room = policy.limit() - cost;
    if (estimate() <= room) {
      return 0;
    }
    if (current <= room) {
      return left() - maxLeft(previous, room - current);
    }
    // The current window must become the previous one and then be covered only in part.
    return left() + policy.windowMicros() - maxLeft(current, room);
  }

  @Override
  public long resetAfterMicros() {
    if (current > 0) {
      return left() + policy.windowMicros();
    }
    return previous > 0 ? left() : 0;
  }

  @Override
  public long nextUnitMicros() {
    long weighted = covered(previous, left());
    if (weighted > 0) {
      return left() - maxLeft(previous, weighted - 1);
    }
    long counted = Math.max(1, current);
    return left() + policy.windowMicros() - maxLeft(counted, counted - 1);
  }

  /** Time until the current window ends. */
  private long left() {
    return policy.windowMicros() - atMicros % policy.windowMicros();
  }

  /**
   * The units of a count of which {@code leftMicros} of its window are still covered:
   * ⌈count·left/window⌉. With left = s·10^6 + u and count·s = a·W + b it is a + ⌈(b +
   * ⌈count·u/10^6⌉)/W⌉.
   */
  private long covered(long count, long leftMicros) {
    long seconds = policy.windowSeconds();
    long product = count * (leftMicros / MICROS);
    long rest = Math.ceilDiv(count * (leftMicros % MICROS), MICROS);
    return product / seconds + Math.ceilDiv(product % seconds + rest, seconds);
  }

  /**
   * The max covered time of a window at which {@code count} weighs no more than {@code units}:
   * ⌊units·W/count⌋.
   */
  private long maxLeft(long count, long units) {
    if (units >= count) {
      return policy.windowMicros();
    }
    long product = units * policy.windowSeconds();
    return product / count * MICROS + product % count * MICROS / count;
  }
}
