package io.ratelimiter.service.analytics;

import org.jspecify.annotations.Nullable;

/**
 * The decisions of one rule within a span.
 *
 * @param tenant of the rule; {@code (none)} where none applied
 * @param limitKey pattern of the rule
 * @param shadowChecked checks that the rule evaluated in shadow mode
 * @param shadowBlocked those that it would have blocked
 * @param p95LatencyMicros within 2 %; null without a decision, and beyond {@link
 *     AuditTables#MAX_LATENCIES}
 */
public record RuleEffect(
    String tenant,
    String limitKey,
    String rule,
    String algorithm,
    long allowed,
    long blocked,
    long errors,
    long degraded,
    long shadowChecked,
    long shadowBlocked,
    @Nullable Double p95LatencyMicros) {}
