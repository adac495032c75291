package io.ratelimiter.service.check;

import io.ratelimiter.service.limiter.Check;
import io.ratelimiter.service.limiter.Decision;
import org.jspecify.annotations.Nullable;

/**
 * A check, decided and told.
 *
 * @param decisionId unique; null for a check of cost 0, which is told to nobody
 * @param correlationId of the request
 */
public record CheckAnswer(
    @Nullable String decisionId, String correlationId, Check check, Decision decision) {}
