package io.ratelimiter.service.analytics;

import org.jspecify.annotations.Nullable;

/**
 * What one rule did within a span.
 *
 * @param tenant the rule's, {@code (none)} where none applied
 * @param limitKey the rule's own pattern
 * @param shadowChecked checks that a shadow rule looked at
 * @param shadowBlocked checks that it would have blocked
 * @param p95LatencyMicros at most 2 % off; null without a decision, and where rules and span are
 *     too many to add up, see {@link AuditTables#LONGEST_LATENCIES}
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
