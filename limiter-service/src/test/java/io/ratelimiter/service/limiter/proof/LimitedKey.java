package io.ratelimiter.service.limiter.proof;

import io.ratelimiter.schemas.AdjustmentEvent;
import io.ratelimiter.schemas.Counter;
import io.ratelimiter.schemas.DecisionEvent;
import org.jspecify.annotations.Nullable;

/**
 * Identifies what is counted separately, as far as the events contain it.
 *
 * @param clientId {@code *} where the rule counts by attributes of its own
 * @param limitKey null where all limit keys share the counter, or the rule has only one
 * @param counter what the rule counts by; null: the client and the limit key
 */
public record LimitedKey(
    String tenant,
    String clientId,
    long ruleId,
    String algorithm,
    long windowSeconds,
    @Nullable String limitKey,
    @Nullable Counter counter) {

  static LimitedKey of(DecisionEvent event, DecisionEvent.Limit limit) {
    boolean each = limit.ruleLimitKey().equals("*") && !limit.shared();
    return new LimitedKey(
            event.tenant(),
            event.clientId(),
            limit.ruleId(),
            limit.algorithm(),
            limit.windowSeconds(),
            each ? event.limitKey() : null,
            null)
        .countedBy(limit.counter());
  }

  static LimitedKey of(AdjustmentEvent event, AdjustmentEvent.Limit limit) {
    boolean each = limit.ruleLimitKey().equals("*") && !limit.shared();
    return new LimitedKey(
            event.tenant(),
            event.clientId(),
            limit.ruleId(),
            limit.algorithm(),
            limit.windowSeconds(),
            each ? event.limitKey() : null,
            null)
        .countedBy(limit.counter());
  }

  private LimitedKey countedBy(@Nullable Counter by) {
    return by == null
        ? this
        : new LimitedKey(tenant, "*", ruleId, algorithm, windowSeconds, null, by);
  }
}
