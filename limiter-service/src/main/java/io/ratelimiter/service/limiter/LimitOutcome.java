package io.ratelimiter.service.limiter;

import io.ratelimiter.service.rules.Rule;

/** What came of one limit of a check. */
public sealed interface LimitOutcome {

  /** The rule behind the limit. */
  Rule rule();

  /**
   * The limit was looked at. All instants and durations are on the store's clock.
   *
   * @param allowed whether this limit alone allows the cost
   * @param charged whether the cost was taken from it
   * @param rebased whether the key's time was set back because the clock went back
   * @param atMicros the key's own time, microseconds since 1970
   * @param remaining whole units left after the decision, never negative
   * @param retryAfterMicros from the decision on, when the same cost would pass; 0 when it passes
   *     now, {@link #NEVER} when it never will
   * @param resetAtMicros when all of it is back, microseconds since 1970
   * @param nextUnitMicros from the decision on, how long no more than {@code remaining} can be
   *     used; with nothing consumed, as if a unit were taken now
   */
  record Judged(
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
  }

  /** The limit applies, but nobody could look: failing open or closed. */
  record Unjudged(Rule rule) implements LimitOutcome {}
}
