package io.ratelimiter.service.limiter;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The answer to a {@link Check}. */
public sealed interface Decision {

  /** Who decided. */
  Source source();

  /** What was wrong with the store; null when the decision is not degraded. */
  @Nullable DegradedReason degradedReason();

  /**
   * The store's clock at the decision, the service's when the store gave none; microseconds since
   * 1970.
   */
  long decidedAtMicros();

  /** Every limit looked at, in the order of the match: enforcing ones first. */
  List<LimitOutcome> limits();

  /** Whether it was made without the store. */
  default boolean degraded() {
    return degradedReason() != null;
  }

  /**
   * The limit that the answer shows: of a blocked check the one with the longest retry (a cost
   * above the limit wins), else the one with the least remaining share; ties go to the lower rule
   * id. Shadow limits are never shown.
   *
   * @return null when no rule applies
   */
  default @Nullable LimitOutcome top() {
    return TopLimit.of(limits());
  }

  /** The cost was taken, or would be. */
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
   * A limit does not allow the cost; nothing was taken from any.
   *
   * @param retryAfterMicros the longest of the blocking limits; {@link LimitOutcome.Judged#NEVER}
   *     for {@link BlockReason#COST_EXCEEDS_LIMIT}
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

    /**
     * The same block as it stands a while later, before its retry time has passed.
     *
     * @param micros since the decision was asked for
     */
    Blocked after(long micros) {
      long nowMicros = decidedAtMicros + micros;
      return new Blocked(
          Source.CACHE,
          null,
          nowMicros,
          limits.stream().map(limit -> LimitOutcome.after(limit, micros, nowMicros)).toList(),
          reason,
          retryAfterMicros - micros);
    }
  }

  /**
   * The store does not answer and a rule that applies fails closed.
   *
   * @param retryAfterMicros when to ask again
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
