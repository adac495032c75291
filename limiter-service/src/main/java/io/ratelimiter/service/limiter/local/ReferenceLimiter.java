package io.ratelimiter.service.limiter.local;

import io.ratelimiter.service.limiter.Check;
import io.ratelimiter.service.limiter.Decision;
import io.ratelimiter.service.limiter.Source;
import io.ratelimiter.service.limiter.evaluation.Evaluation;
import io.ratelimiter.service.rules.Match;

/**
 * The algorithms with the time as an argument, to demonstrate them. Starts without consumption and
 * has no memory bound. Not thread-safe.
 */
public final class ReferenceLimiter {

  private final LocalCounters counters = new LocalCounters(new Shares(1), Long.MAX_VALUE);

  /**
   * Decides and charges as the store would at that time.
   *
   * @param nowMicros microseconds since 1970; never less than in the call before
   */
  public Decision check(long nowMicros, Check check, Match match) {
    return counters.check(
        new Evaluation(Source.LOCAL, null, nowMicros, check), check, match.rules(), counters);
  }
}
