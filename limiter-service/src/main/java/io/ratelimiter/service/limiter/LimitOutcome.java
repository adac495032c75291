package io.ratelimiter.service.limiter;

import io.ratelimiter.service.rules.Rule;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The result of one limit of a check. */
public sealed interface LimitOutcome {

  /** The rule that sets the limit. */
  Rule rule();

  /**
   * The limit was evaluated. All instants and durations are on the store's clock.
   *
   * @param allowed whether this limit alone allows the cost
   * @param charged whether the cost was taken from it
   * @param rebased whether the key's time was set back because the clock went back
   * @param atMicros the key's own time, microseconds since 1970
   * @param remaining whole units left after the decision, never negative
   * @param retryAfterMicros time from the decision until the same cost passes; 0 when it passes
   *     now, {@link #NEVER} when it never will. Of a limit that allows a check with a wait, the
   *     time until the check may start
   * @param resetAtMicros when all units are available again, microseconds since 1970
   * @param nextUnitMicros time from the decision until more than {@code remaining} units are
   *     available; with nothing consumed, as if a unit were taken now
   */
  record Evaluated(
      Rule rule,
      boolean allowed,
      boolean charged,
      boolean rebased,
      long atMicros,
      long remaining,
      long retryAfterMicros,
      long resetAtMicros,
      long nextUnitMicros)
      implements LimitOutcome {

    /** {@code retryAfterMicros} of a cost above the limit. */
    public static final long NEVER = -1;

    /**
     * Time from the decision until an allowed check may start, microseconds; 0 for a blocked one.
     */
    public long waitMicros() {
      return allowed ? retryAfterMicros : 0;
    }
  }

  /**
   * The limit applies but was not evaluated: the check failed open or closed, a rule of rate 0
   * blocked it, or it was answered from the cached block of another limit.
   */
  record NotEvaluated(Rule rule) implements LimitOutcome {}

  /**
   * The limit that an answer shows, as {@link Decision#top()} defines it.
   *
   * @return null when no enforcing rule applies
   */
  static @Nullable LimitOutcome top(List<LimitOutcome> limits) {
    LimitOutcome top = null;
    for (LimitOutcome candidate : limits) {
      if (candidate.rule().enforcing() && (top == null || candidate.precedes(top))) {
        top = candidate;
      }
    }
    return top;
  }

  private boolean precedes(LimitOutcome other) {
    int order = compare(this, other);
    return order < 0 || (order == 0 && rule().id() < other.rule().id());
  }

  private static int compare(LimitOutcome a, LimitOutcome b) {
    int blocking = Long.compare(urgency(b), urgency(a));
    if (blocking != 0 || !(a instanceof Evaluated left) || !(b instanceof Evaluated right)) {
      return blocking;
    }
    // remaining ≤ 1e9 and capacity ≤ 1e9: the cross products fit a long.
    return Long.compare(
        left.remaining() * right.rule().policy().capacity(),
        right.remaining() * left.rule().policy().capacity());
  }

  private static long urgency(LimitOutcome outcome) {
    if (!(outcome instanceof Evaluated limit) || limit.allowed()) {
      return 0;
    }
    return limit.retryAfterMicros() == Evaluated.NEVER ? Long.MAX_VALUE : limit.retryAfterMicros();
  }
}
