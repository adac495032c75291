package io.ratelimiter.schemas;

import org.jspecify.annotations.Nullable;

/**
 * What the auditor knows of one series ({@code series-report.v1.json}): what the publisher said of
 * it, and what came.
 *
 * @param generation {@code AUDIT_GENERATION} of the run that counted
 * @param revision counts the changes, from 1
 * @param issued numbers given out, as far as known
 * @param settledSeq what {@link LedgerEvent} says last
 * @param received numbers that came, each counted once
 * @param lost numbers that will not come any more and that nobody dropped
 * @param duplicate records that came once more
 * @param overflowed numbers that the auditor no longer waits for, because the gaps were too many
 * @param unknownTail null while open
 * @param lastWordMillis append time of the last record of the series, milliseconds since 1970
 */
public record SeriesReport(
    String instance,
    String epoch,
    int partition,
    int generation,
    long revision,
    long issued,
    long acked,
    long spooled,
    long dropped,
    long settledSeq,
    long settledDropped,
    long received,
    long lost,
    long duplicate,
    long overflowed,
    boolean closed,
    @Nullable Boolean unknownTail,
    long lastWordMillis) {

  /** {@code schema_version} of what this code writes. */
  public static final int SCHEMA_VERSION = 1;
}
