package io.ratelimiter.service.limiter.local;

import io.ratelimiter.service.limiter.Check;
import io.ratelimiter.service.limiter.Decision;
import io.ratelimiter.service.limiter.Judgement;
import io.ratelimiter.service.limiter.Source;
import io.ratelimiter.service.rules.Match;

/**
 * The algorithms with the time as an argument, to show what they do. Knows nothing at first and
 * forgets nothing. Not thread-safe.
 */
public final class ReferenceLimiter {

  private final LocalCounters counters = new LocalCounters(new Shares(1), Long.MAX_VALUE);

  /**
   * Decides and charges as the store would at that time.
   *
   * @param nowMicros microseconds since 1970; does not fall from call to call
   */
  public Decision check(long nowMicros, Check check, Match match) {
    return counters.check(
        new Judgement(Source.LOCAL, null, nowMicros, check.cost()), check, match.rules());
  }
}
