package io.ratelimiter.service.limiter.contract;

import io.ratelimiter.service.limiter.TimedLimiter;
import io.ratelimiter.service.rules.Rule;

/** The contract that the store and the reference model fulfil. */
public interface ContractOfLimiters
    extends TokenBucketContract,
        FixedWindowContract,
        SlidingWindowContract,
        SlidingWindowCounterContract,
        SeveralLimitsContract,
        SeveralClientsContract,
        AdjustmentContract,
        ClockContract,
        RuleChangeContract,
        RetryAfterContract,
        PriorityContract,
        WaitingContract,
        SettlementContract,
        SettledChargeContract {}

/** Provides the limiter under test. */
interface HasLimiter {

  /** The limiter under test. */
  TimedLimiter limiter();

  /** A new client under these rules. */
  default Scene scene(Rule... rules) {
    return new Scene(limiter(), rules);
  }
}
