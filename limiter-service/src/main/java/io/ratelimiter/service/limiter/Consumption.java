package io.ratelimiter.service.limiter;

import static io.ratelimiter.service.limiter.LimitOutcome.Judged.NEVER;

import io.ratelimiter.service.rules.Policy;

/**
 * What a key has consumed as of its own time, and what follows from it. The store's scripts and the
 * algorithms in this process both decide and charge; what is left and when it comes back is
 * computed here, once for both.
 *
 * <p>All durations are in microseconds from the key's own time. Arithmetic is exact: with the
 * bounds of {@link Policy} no product reaches 2^63, and every rounding is against the client.
 */
public sealed interface Consumption {

  /** Whole units left, never negative. */
  long remaining();

  /**
   * When a check of {@code cost} passes if nobody else comes in between: 0 when it passes now,
   * {@code NEVER} when it is above the capacity.
   */
  long retryAfterMicros(long cost);

  /** When all of it is back: 0 when nothing is consumed. */
  long resetAfterMicros();

  /**
   * How long no more than {@link #remaining()} can be used; with nothing consumed, as if a unit
   * were taken now.
   */
  long nextUnitMicros();

  /**
   * A token bucket: {@code written} was taken and not refilled, {@code elapsed} before the key's
   * own time. Waiting times are counted from then, since the debt of now is rounded to a millionth,
   * which takes window ÷ limit microseconds to refill.
   *
   * @param writtenMillionths millionths of a unit, 0…burst·10^6
   * @param elapsedMicros since that was the debt
   */
  record Debt(Policy.TokenBucket policy, long writtenMillionths, long elapsedMicros)
      implements Consumption {

    private static final long MILLIONTHS = 1_000_000;

    /** The debt at the key's own time, in millionths of a unit. */
    public long debtMillionths() {
      return Math.max(
          0, writtenMillionths - refill(Math.min(elapsedMicros, drain(writtenMillionths))));
    }

    @Override
    public long remaining() {
      return (policy.burst() * MILLIONTHS - debtMillionths()) / MILLIONTHS;
    }

    @Override
    public long retryAfterMicros(long cost) {
      return cost > policy.burst() ? NEVER : untilAtMost((policy.burst() - cost) * MILLIONTHS);
    }

    @Override
    public long resetAfterMicros() {
      return untilAtMost(0);
    }

    @Override
    public long nextUnitMicros() {
      long debt = debtMillionths();
      if (debt == 0) {
        return drain(MILLIONTHS);
      }
      // The next whole number of units below.
      return untilAtMost((debt - 1) / MILLIONTHS * MILLIONTHS);
    }

    private long untilAtMost(long debt) {
      return Math.max(0, drain(Math.max(0, writtenMillionths - debt)) - elapsedMicros);
    }

    /** ⌊elapsed·L/W⌋ in millionths, from elapsed = q·W + r as q·L + ⌊r·L/W⌋. */
    private long refill(long elapsed) {
      long limit = policy.limit();
      long seconds = policy.windowSeconds();
      return elapsed / seconds * limit + elapsed % seconds * limit / seconds;
    }

    /** ⌈debt·W/L⌉, from debt = q·L + r as q·W + ⌈r·W/L⌉. */
    private long drain(long debt) {
      long limit = policy.limit();
      long seconds = policy.windowSeconds();
      return debt / limit * seconds + Math.ceilDiv(debt % limit * seconds, limit);
    }
  }

  /**
   * A fixed window: {@code used} units in the window of {@code atMicros}.
   *
   * @param atMicros the key's own time, microseconds since 1970
   */
  record Count(Policy.FixedWindow policy, long atMicros, long used) implements Consumption {

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

  /**
   * The exact log.
   *
   * @param atMicros the key's own time, microseconds since 1970
   * @param used units charged within the window before {@code atMicros}
   * @param oldestMicros time of the oldest charge in the window, 0 if none
   * @param newestMicros time of the newest charge in the window, 0 if none
   * @param leavesMicros time of the charge with whose leaving the cost asked for passes, 0 if it
   *     passes now or never will
   */
  record Log(
      Policy.SlidingWindow policy,
      long atMicros,
      long used,
      long oldestMicros,
      long newestMicros,
      long leavesMicros)
      implements Consumption {

    @Override
    public long remaining() {
      return Math.max(0, policy.limit() - used);
    }

    /** Only for the cost that was asked for: the log's entries are in the store. */
    @Override
    public long retryAfterMicros(long cost) {
      if (cost > policy.limit()) {
        return NEVER;
      }
      return used + cost <= policy.limit() ? 0 : untilLeft(leavesMicros);
    }

    @Override
    public long resetAfterMicros() {
      return used == 0 ? 0 : untilLeft(newestMicros);
    }

    @Override
    public long nextUnitMicros() {
      return used == 0 ? policy.windowMicros() : untilLeft(oldestMicros);
    }

    private long untilLeft(long entryMicros) {
      return entryMicros + policy.windowMicros() - atMicros;
    }
  }

  /**
   * The sliding counter.
   *
   * @param atMicros the key's own time, microseconds since 1970
   * @param previous units counted in the window before that of {@code atMicros}
   * @param current units counted in the window of {@code atMicros}
   */
  record Pair(Policy.SlidingWindowCounter policy, long atMicros, long previous, long current)
      implements Consumption {

    private static final long MICROS = 1_000_000;

    @Override
    public long remaining() {
      return Math.max(0, policy.limit() - estimate());
    }

    /** ⌈previous × part of its window still in sight⌉ + current. */
    public long estimate() {
      return inSight(previous, left()) + current;
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
        return left() - longestLeft(previous, room - current);
      }
      // The current window must become the previous one and then leave sight in part.
      return left() + policy.windowMicros() - longestLeft(current, room);
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
      long seen = inSight(previous, left());
      if (seen > 0) {
        return left() - longestLeft(previous, seen - 1);
      }
      long counted = Math.max(1, current);
      return left() + policy.windowMicros() - longestLeft(counted, counted - 1);
    }

    private long left() {
      return policy.windowMicros() - atMicros % policy.windowMicros();
    }

    /**
     * ⌈count·left/window⌉; with left = s·10^6 + u and count·s = a·W + b it is a + ⌈(b +
     * ⌈count·u/10^6⌉)/W⌉.
     */
    private long inSight(long count, long leftMicros) {
      long seconds = policy.windowSeconds();
      long product = count * (leftMicros / MICROS);
      long rest = Math.ceilDiv(count * (leftMicros % MICROS), MICROS);
      return product / seconds + Math.ceilDiv(product % seconds + rest, seconds);
    }

    /**
     * The longest rest of a window in which {@code count} weighs at most {@code units}:
     * ⌊units·W/count⌋.
     */
    private long longestLeft(long count, long units) {
      if (units >= count) {
        return policy.windowMicros();
      }
      long product = units * policy.windowSeconds();
      return product / count * MICROS + product % count * MICROS / count;
    }
  }

  /**
   * A part of a limit that several instances share while the store is away.
   *
   * @param part what this instance's part has consumed
   * @param wholeCapacity the largest cost that the whole limit lets pass, units
   */
  record Share(Consumption part, long wholeCapacity) implements Consumption {

    @Override
    public long remaining() {
      return part.remaining();
    }

    /** A cost above the part but within the whole is worth another try: the store may be back. */
    @Override
    public long retryAfterMicros(long cost) {
      long retryAfter = part.retryAfterMicros(cost);
      return retryAfter == NEVER && cost <= wholeCapacity
          ? Math.max(part.resetAfterMicros(), part.nextUnitMicros())
          : retryAfter;
    }

    @Override
    public long resetAfterMicros() {
      return part.resetAfterMicros();
    }

    @Override
    public long nextUnitMicros() {
      return part.nextUnitMicros();
    }
  }
}
