package io.ratelimiter.service.analytics;

import java.time.Instant;

/**
 * The decisions of one step of a span.
 *
 * @param start of the step
 * @param tooCostly how many of the blocked ones cost more than the limit ever allows
 * @param errors decisions that failed closed
 * @param degraded decisions made without the store
 * @param complete whether the whole step is closed, so that the counts are final
 */
public record BlockRate(
    Instant start,
    long allowed,
    long blocked,
    long tooCostly,
    long errors,
    long degraded,
    boolean complete) {}
