package io.ratelimiter.service.analytics;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The decisions for the callers of one tenant within a span, whichever tenant's rules applied.
 *
 * @param tooCostly how many of the blocked ones cost more than the limit ever allows
 * @param errors decisions that failed closed
 * @param netCost units of the allowed decisions, as settled, less those of refunds; below 0 if more
 *     was given back
 * @param lastBlocked null without a blocked decision
 */
public record TenantUse(
    String tenant,
    long allowed,
    long blocked,
    long tooCostly,
    long errors,
    long netCost,
    @Nullable Instant lastBlocked) {}
