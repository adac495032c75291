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

  /**
   * The outcome as it stands a while later, nothing having changed: nothing is charged any more.
   *
   * @param micros since the outcome
   * @param nowMicros the store's clock then, microseconds since 1970
   */
  static LimitOutcome after(LimitOutcome outcome, long micros, long nowMicros) {
    return switch (outcome) {
      case Unjudged unjudged -> unjudged;
      case Judged judged ->
          new Judged(
              judged.rule(),
              judged.allowed(),
              false,
              false,
              Math.max(nowMicros, judged.atMicros()),
              judged.remaining(),
              judged.retryAfterMicros() <= 0
                  ? judged.retryAfterMicros()
                  : Math.max(1, judged.retryAfterMicros() - micros),
              judged.resetAtMicros(),
              Math.max(0, judged.nextUnitMicros() - micros));
    };
  }
}
