package io.ratelimiter.service.analytics;

import java.time.Instant;

/**
 * What was decided in one piece of a span.
 *
 * @param start of the piece
 * @param errors decisions that failed closed
 * @param degraded how many of all were made without the store
 * @param complete whether no event can change the figures any more: the whole piece is closed
 */
public record BlockRate(
    Instant start, long allowed, long blocked, long errors, long degraded, boolean complete) {}
