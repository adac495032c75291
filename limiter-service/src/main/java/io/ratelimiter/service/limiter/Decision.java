package io.ratelimiter.service.limiter;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The answer to a {@link Check}. */
public sealed interface Decision {

  /** Where the decision comes from. */
  Source source();

  /** Why the store did not decide; null when the decision is not degraded. */
  @Nullable DegradedReason degradedReason();

  /**
   * The store's clock at the decision, or this service's clock when the store did not decide;
   * microseconds since 1970.
   */
  long decidedAtMicros();

  /** Every limit of the match in its order: enforcing ones first. */
  List<LimitOutcome> limits();

  /** Whether the decision was made without the store. */
  default boolean degraded() {
    return degradedReason() != null;
  }

  /**
   * Time from the decision until the caller may start, microseconds: the longest wait of the
   * enforcing limits; 0 unless the check is allowed and waits.
   */
  default long waitMicros() {
    long wait = 0;
    if (this instanceof Allowed) {
      for (LimitOutcome limit : limits()) {
        if (limit instanceof LimitOutcome.Evaluated evaluated && limit.rule().enforcing()) {
          wait = Math.max(wait, evaluated.waitMicros());
        }
      }
    }
    return wait;
  }

  /**
   * The limit that the answer shows: for a blocked check the one with the longest retry time (a
   * cost above the limit counts as longest), else the one with the least remaining share; ties go
   * to the lower rule id. Shadow limits are never shown.
   *
   * @return null when no rule applies
   */
  default @Nullable LimitOutcome top() {
    return LimitOutcome.top(limits());
  }

  /** Every enforcing limit allows the cost; it was taken unless the check takes nothing. */
  record Allowed(
      Source source,
      @Nullable DegradedReason degradedReason,
      long decidedAtMicros,
      List<LimitOutcome> limits)
      implements Decision {
    public Allowed {
      limits = List.copyOf(limits);
    }
  }

  /**
   * At least one enforcing limit does not allow the cost; nothing was taken from any.
   *
   * @param retryAfterMicros the longest of the blocking limits; {@link
   *     LimitOutcome.Evaluated#NEVER} for {@link BlockReason#COST_EXCEEDS_LIMIT}
   */
  record Blocked(
      Source source,
      @Nullable DegradedReason degradedReason,
      long decidedAtMicros,
      List<LimitOutcome> limits,
      BlockReason reason,
      long retryAfterMicros)
      implements Decision {
    public Blocked {
      limits = List.copyOf(limits);
    }
  }

  /**
   * The store does not answer and a rule that applies fails closed.
   *
   * @param retryAfterMicros time until the caller should check again
   */
  record FailedClosed(
      DegradedReason degradedReason,
      long decidedAtMicros,
      List<LimitOutcome> limits,
      long retryAfterMicros)
      implements Decision {
    public FailedClosed {
      limits = List.copyOf(limits);
    }

    @Override
    public Source source() {
      return Source.NONE;
    }
  }
}
