package io.ratelimiter.service.check;

import io.ratelimiter.schemas.DecisionEvent;
import io.ratelimiter.service.limiter.Adjustment;
import io.ratelimiter.service.limiter.Decision;
import io.ratelimiter.service.limiter.LimitOutcome;
import io.ratelimiter.service.rules.Policy;
import org.jspecify.annotations.Nullable;

/** Values of a decision as both HTTP answers and published events write them. */
public final class WireValues {

  private static final long MICROS_PER_MILLI = 1_000;

  private WireValues() {}

  /** Why a check is not allowed; null when it is. */
  public static @Nullable String reason(Decision decision) {
    return switch (decision) {
      case Decision.Allowed _ -> null;
      case Decision.Blocked blocked -> blocked.reason().wireName();
      case Decision.FailedClosed _ -> DecisionEvent.STORE_UNAVAILABLE;
    };
  }

  /** Milliseconds until a retry may pass, rounded up; null when allowed, or when none ever will. */
  public static @Nullable Long retryAfterMillis(Decision decision) {
    return switch (decision) {
      case Decision.Allowed _ -> null;
      case Decision.Blocked blocked ->
          blocked.retryAfterMicros() == LimitOutcome.Evaluated.NEVER
              ? null
              : millis(blocked.retryAfterMicros());
      case Decision.FailedClosed failed -> millis(failed.retryAfterMicros());
    };
  }

  /** When the limit is fully available again, rounded up; null without an evaluation. */
  public static @Nullable Long resetAtMillis(@Nullable LimitOutcome limit) {
    return limit instanceof LimitOutcome.Evaluated evaluated
        ? millis(evaluated.resetAtMicros())
        : null;
  }

  /** Remaining units of the top limit; without an evaluation its limit if allowed, otherwise 0. */
  public static long remaining(Decision decision, LimitOutcome top) {
    return switch (top) {
      case LimitOutcome.Evaluated evaluated -> evaluated.remaining();
      case LimitOutcome.NotEvaluated notEvaluated ->
          decision instanceof Decision.Allowed ? notEvaluated.rule().policy().limit() : 0;
    };
  }

  /** The burst of a token bucket; null for any other policy. */
  public static @Nullable Long burst(Policy policy) {
    return policy instanceof Policy.TokenBucket bucket ? bucket.burst() : null;
  }

  /** Units of a settlement that were not charged: the max of the enforcing limits. */
  public static long uncharged(Adjustment adjustment) {
    return adjustment.limits().stream()
        .filter(limit -> limit.rule().enforcing())
        .mapToLong(Adjustment.Limit::uncharged)
        .max()
        .orElse(0);
  }

  /** Milliseconds, rounded up. */
  public static long millis(long micros) {
    return Math.ceilDiv(micros, MICROS_PER_MILLI);
  }
}
