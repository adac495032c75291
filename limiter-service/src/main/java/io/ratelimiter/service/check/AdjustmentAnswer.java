package io.ratelimiter.service.check;

import io.ratelimiter.service.limiter.Adjustment;
import io.ratelimiter.service.limiter.Check;
import org.jspecify.annotations.Nullable;

/**
 * A refund or reset, made and told.
 *
 * @param adjustmentId unique; null when nothing was changed, and so nothing told
 * @param correlationId of the request
 */
public record AdjustmentAnswer(
    @Nullable String adjustmentId, String correlationId, Check check, Adjustment adjustment) {}
