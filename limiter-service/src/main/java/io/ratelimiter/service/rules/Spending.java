package io.ratelimiter.service.rules;

import java.math.BigDecimal;

/**
 * How the capacity of a rule may be spent: what is reserved from lower priorities, how long a check
 * may wait for its units, and how far a settlement may exceed the capacity.
 *
 * @param reserveNormal share of the capacity kept from checks of normal priority, ten thousandths
 * @param reserveLow share kept from checks of low priority, ten thousandths
 * @param maxWaitMillis max time that a check may wait, ms; only of a token bucket
 * @param overdraft units beyond the capacity that a settlement may charge
 */
public record Spending(int reserveNormal, int reserveLow, long maxWaitMillis, long overdraft) {

  /** Nothing reserved, no waiting, no overdraft. */
  public static final Spending PLAIN = new Spending(0, 0, 0, 0);

  /** Max number of decimals of a reserved share. */
  public static final int DECIMALS = 4;

  /** The whole capacity, in the unit of the reserved shares. */
  public static final int WHOLE = 10_000;

  /** Max share reserved, ten thousandths. */
  public static final int MAX_RESERVE = 9_500;

  /** Max of {@code maxWaitMillis}. */
  public static final long MAX_WAIT_MILLIS = 30_000;

  /** Max overdraft as a multiple of the capacity. */
  public static final long MAX_OVERDRAFT_FACTOR = 10;

  /** Max debt of a bucket, units: in millionths still below 2^53. */
  public static final long MAX_CEILING = 9_000_000_000L;

  /**
   * Validates the numbers against the policy that they extend.
   *
   * @throws IllegalArgumentException naming the field and the fault
   */
  public void check(Policy policy) {
    if (plain()) {
      return;
    }
    if (policy instanceof Policy.Ban) {
      throw new IllegalArgumentException(
          "reserve, max_wait_ms and overdraft are not for rate 0, which allows nothing");
    }
    if (reserveNormal < 0 || reserveLow < reserveNormal || reserveLow > MAX_RESERVE) {
      throw new IllegalArgumentException(
          "reserve must have 0 ≤ normal ≤ low ≤ 0.95, each with at most 4 decimals");
    }
    checkWait(policy);
    checkOverdraft(policy);
    if (ceiling(policy) > MAX_CEILING) {
      throw new IllegalArgumentException(
          "max_wait_ms or overdraft is too large: with the capacity it exceeds %d units"
              .formatted(MAX_CEILING));
    }
  }

  private void checkWait(Policy policy) {
    if (maxWaitMillis < 0 || maxWaitMillis > MAX_WAIT_MILLIS) {
      throw new IllegalArgumentException(
          "max_wait_ms must be 0 to " + MAX_WAIT_MILLIS + ", not " + maxWaitMillis);
    }
    if (maxWaitMillis > 0 && !(policy instanceof Policy.TokenBucket)) {
      throw new IllegalArgumentException(
          "max_wait_ms is for token_bucket only, not for " + policy.algorithm().wireName());
    }
  }

  private void checkOverdraft(Policy policy) {
    long max = MAX_OVERDRAFT_FACTOR * policy.capacity();
    if (overdraft < 0 || overdraft > max) {
      throw new IllegalArgumentException(
          "overdraft must be 0 to 10 times the capacity, %d, not %d".formatted(max, overdraft));
    }
  }

  /** Whether nothing is reserved, and no check waits or overdraws. */
  public boolean plain() {
    return reserveLow == 0 && reserveNormal == 0 && maxWaitMillis == 0 && overdraft == 0;
  }

  /**
   * This spending under an inherited policy: a window does not let checks wait, and its capacity,
   * which may be smaller than that of a token bucket, bounds the overdraft.
   */
  public Spending inherited(Policy policy) {
    if (plain() || policy instanceof Policy.TokenBucket) {
      return this;
    }
    long max = Math.min(MAX_OVERDRAFT_FACTOR * policy.capacity(), MAX_CEILING - policy.capacity());
    return new Spending(reserveNormal, reserveLow, 0, Math.min(overdraft, max));
  }

  /** A share in ten thousandths as a number, without trailing zeros. */
  public static BigDecimal share(int tenThousandths) {
    return BigDecimal.valueOf(tenThousandths, DECIMALS).stripTrailingZeros();
  }

  /** Units of this capacity that are kept from checks of this priority, rounded down. */
  public long reserved(Priority priority, long capacity) {
    return switch (priority) {
      case HIGH -> 0;
      case NORMAL -> capacity * reserveNormal / WHOLE;
      case LOW -> capacity * reserveLow / WHOLE;
    };
  }

  /** Whether some of the capacity is kept from a lower priority. */
  public boolean reserves() {
    return reserveLow > 0;
  }

  /**
   * Max units that a counter can hold: the capacity and what waiting or a settlement may add.
   * Waiting checks add up to what the max wait refills, rounded up.
   */
  public long ceiling(Policy policy) {
    long waiting = Math.ceilDiv(maxWaitMillis * policy.limit(), policy.windowSeconds() * 1_000);
    return policy.capacity() + Math.max(waiting, overdraft);
  }
}
