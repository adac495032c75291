package io.ratelimiter.service.analytics;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The decisions for one client in one minute.
 *
 * @param rule shown in the answers; {@code (none)} where none applied
 * @param allowed null where the auditor stores blocked counts only
 */
public record ClientUse(
    Instant minute,
    String limitKey,
    String rule,
    @Nullable Long allowed,
    long blocked,
    long errors,
    long latencyMaxMicros) {}
