package io.ratelimiter.service.limiter.contract;

import io.ratelimiter.service.limiter.TimedLimiter;
import io.ratelimiter.service.rules.Rule;

/** What a limiter promises, whatever runs it. */
public interface ContractOfLimiters
    extends TokenBucketContract,
        FixedWindowContract,
        SlidingWindowContract,
        SlidingWindowCounterContract,
        SeveralLimitsContract,
        AdjustmentContract,
        ClockContract,
        RuleChangeContract,
        RetryAfterContract {}

/** Whoever has a limiter. */
interface HasLimiter {

  /** The limiter under test. */
  TimedLimiter limiter();

  /** A new client under these rules. */
  default Scene scene(Rule... rules) {
    return new Scene(limiter(), rules);
  }
}
