package io.ratelimiter.service.analytics;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Whether anything that one limiter decided is missing in the tables.
 *
 * @param epochs how often it was started, as far as remembered
 * @param openEpochs starts of which more is expected
 * @param unknownTail whether a start ended without a last word; null while all are open
 * @param lastWordAt when Kafka appended its last record
 */
public record Completeness(
    String instance,
    long epochs,
    long openEpochs,
    long issued,
    long received,
    long lost,
    long duplicate,
    long dropped,
    @Nullable Boolean unknownTail,
    Instant lastWordAt) {}
