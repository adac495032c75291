package io.ratelimiter.service.analytics;

import org.jspecify.annotations.Nullable;

/**
 * A client with blocked checks.
 *
 * @param allowed null where the auditor keeps blocked figures only
 * @param costBlocked units that its blocked checks asked for
 * @param minutes in how many minutes it was blocked
 */
public record BlockedClient(
    String tenant,
    String clientId,
    String limitKey,
    @Nullable Long allowed,
    long blocked,
    long costBlocked,
    long minutes) {}
