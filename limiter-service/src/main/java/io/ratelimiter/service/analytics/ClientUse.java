package io.ratelimiter.service.analytics;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One minute of one client.
 *
 * @param rule at the top of the answers, {@code (none)} where none applied
 * @param allowed null where the auditor keeps blocked figures only
 */
public record ClientUse(
    Instant minute,
    String limitKey,
    String rule,
    @Nullable Long allowed,
    long blocked,
    long errors,
    long latencyMaxMicros) {}
