package io.ratelimiter.service.limiter;

import io.ratelimiter.service.rules.Priority;
import io.ratelimiter.service.rules.Spending;
import org.jspecify.annotations.Nullable;

/**
 * How the cost of a check may be spent.
 *
 * @param priority rules may keep a part of their capacity from lower ones
 * @param maxWaitMillis max time that the caller waits for its units, ms; each rule has a max of its
 *     own
 * @param settleWithinMillis for how long the decision can be settled, ms; 0: it cannot be
 * @param decisionId under which it can be settled; null before the check is decided, and where it
 *     cannot be settled
 */
public record CheckOptions(
    Priority priority, long maxWaitMillis, long settleWithinMillis, @Nullable String decisionId) {

  /** Max of {@code settleWithinMillis}: an hour. */
  public static final long MAX_SETTLE_WITHIN_MILLIS = 3_600_000;

  /** Normal priority, no waiting, no settlement. */
  public static final CheckOptions DEFAULT = new CheckOptions(Priority.NORMAL, 0, 0, null);

  public CheckOptions {
    if (maxWaitMillis < 0 || maxWaitMillis > Spending.MAX_WAIT_MILLIS) {
      throw new IllegalArgumentException(
          "max_wait_ms must be 0 to " + Spending.MAX_WAIT_MILLIS + ", not " + maxWaitMillis);
    }
    if (settleWithinMillis < 0 || settleWithinMillis > MAX_SETTLE_WITHIN_MILLIS) {
      throw new IllegalArgumentException(
          "settle_within_ms must be 0 to %d, not %d"
              .formatted(MAX_SETTLE_WITHIN_MILLIS, settleWithinMillis));
    }
  }

  /** Whether the decision is to be settled later. */
  public boolean settles() {
    return settleWithinMillis > 0;
  }

  /** These options with the id under which the decision can be settled. */
  public CheckOptions decidedAs(String id) {
    return new CheckOptions(priority, maxWaitMillis, settleWithinMillis, id);
  }
}
