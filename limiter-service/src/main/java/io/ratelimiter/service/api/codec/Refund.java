package io.ratelimiter.service.api.codec;

import io.ratelimiter.service.limiter.Check;
import org.jspecify.annotations.Nullable;

/**
 * Units to give back.
 *
 * @param id makes the refund idempotent; null: every call counts
 */
public record Refund(Check check, @Nullable String id) {}
