package io.ratelimiter.schemas;

import org.jspecify.annotations.Nullable;

/**
 * What a publisher says of one of its series ({@code ledger.v1.json}); takes no number itself.
 *
 * @param issued numbers given out
 * @param acked records that Kafka confirmed
 * @param spooled records that wait on disk
 * @param dropped records given up, for whatever reason
 * @param settledSeq every number up to it is acknowledged, dropped, or given up unconfirmed
 * @param settledDropped how many of the numbers up to {@code settledSeq} were never handed to
 *     Kafka, or were refused by it
 * @param closed whether nothing more will come in this series
 * @param unknownTail null while open; false only after an orderly stop
 */
public record LedgerEvent(
    String instance,
    String epoch,
    int partition,
    long issued,
    long acked,
    long spooled,
    long dropped,
    long settledSeq,
    long settledDropped,
    boolean closed,
    @Nullable Boolean unknownTail) {

  /** {@code schema_version} of what this code writes. */
  public static final int SCHEMA_VERSION = 1;
}
