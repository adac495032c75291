package io.ratelimiter.service.limiter;

import io.ratelimiter.service.rules.Match;
import org.jspecify.annotations.Nullable;

/** A limiter whose clock is an argument: the store under a test's time, or the reference model. */
public interface TimedLimiter {

  Decision check(long nowMicros, Check check, Match match);

  Adjustment refund(long nowMicros, Check check, Match match, @Nullable String refundId);

  Adjustment reset(long nowMicros, Check check, Match match);
}
