package io.ratelimiter.service.api;

import io.ratelimiter.service.limiter.Check;
import org.jspecify.annotations.Nullable;

/**
 * Units to give back.
 *
 * @param id counts once; null: every call counts
 */
record Refund(Check check, @Nullable String id) {}
