package io.ratelimiter.service.limiter;

import io.ratelimiter.service.rules.Match;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A limiter with the time as an argument: the store with the test's clock, or the model. */
public interface TimedLimiter {

  Decision check(long nowMicros, Check check, Match match);

  Adjustment refund(long nowMicros, Check check, Match match, @Nullable String refundId);

  Adjustment reset(long nowMicros, Check check, Match match);

  Optional<Settlement> settle(long nowMicros, SettleRequest request);
}
