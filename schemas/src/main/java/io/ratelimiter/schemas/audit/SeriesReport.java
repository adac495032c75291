package io.ratelimiter.schemas.audit;

import io.ratelimiter.schemas.LedgerEvent;
import org.jspecify.annotations.Nullable;

/**
 * The auditor's report of one series ({@code series-report.v1.json}): the publisher's account of
 * it, and what was received.
 *
 * @param topic the decisions topic
 * @param generation {@code AUDIT_GENERATION} of the run that counted
 * @param revision counts the changes, from 1
 * @param issued numbers that were issued, as far as known
 * @param settledSeq of the last {@link LedgerEvent}
 * @param received numbers that were received, each counted once
 * @param lost missing numbers that cannot be received any more and were not dropped
 * @param duplicate records that were received again
 * @param overflowed missing numbers that are not tracked any more, because there were too many gaps
 * @param unknownTail whether further numbers may have been issued; null while open
 * @param lastRecordMillis append time of the last record of the series, milliseconds since 1970
 */
public record SeriesReport(
    String topic,
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
    long lastRecordMillis) {

  /** The {@code schema_version} that this code writes. */
  public static final int SCHEMA_VERSION = 1;
}
