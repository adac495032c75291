package io.ratelimiter.service.analytics;

import org.jspecify.annotations.Nullable;

/**
 * A client with blocked checks.
 *
 * @param allowed null where the auditor stores blocked counts only
 * @param costBlocked total cost of its blocked checks, units
 * @param minutes number of minutes with a blocked check
 */
public record BlockedClient(
    String tenant,
    String clientId,
    String limitKey,
    @Nullable Long allowed,
    long blocked,
    long costBlocked,
    long minutes) {}
