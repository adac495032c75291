package io.ratelimiter.service.analytics;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How many decisions of one limiter instance are missing in the tables.
 *
 * @param epochs known starts of the instance
 * @param openEpochs starts that are not closed, so that more events are expected
 * @param unknownTail whether a start ended without a last ledger, or is silent; null while all are
 *     open and none is silent
 * @param lastWordAt when Kafka appended the instance's last record
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
