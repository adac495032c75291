package io.ratelimiter.service.analytics;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How current the auditor's tables are, by the database's clock.
 *
 * @param asOf everything that Kafka appended up to this time is counted; null while a partition has
 *     reported nothing
 * @param ageSeconds seconds since {@code asOf}; null without it
 * @param auditorSeenAt the last heartbeat of an auditor that can write; null before the first
 * @param silentSeconds seconds since {@code auditorSeenAt}; null without it
 */
public record Freshness(
    @Nullable Instant asOf,
    @Nullable Long ageSeconds,
    @Nullable Instant auditorSeenAt,
    @Nullable Long silentSeconds) {}
