package io.ratelimiter.schemas;

import org.jspecify.annotations.Nullable;

/**
 * A publisher's account of one of its series ({@code ledger.v1.json}); has no number itself.
 *
 * @param issued numbers that were issued
 * @param acked records that Kafka acknowledged
 * @param spooled records in the spool
 * @param dropped records that were dropped, for any reason
 * @param settledSeq the number up to which each record is acknowledged or dropped, or its
 *     acknowledgment is not awaited any more
 * @param settledDropped count of the numbers up to {@code settledSeq} whose records were never sent
 *     to Kafka, or refused by it
 * @param closed whether the series has no further records
 * @param unknownTail null while open; false only after an orderly stop
 * @param region {@code REGION} of the publisher; null without one
 * @param atMicros when the publisher counted, microseconds since 1970; null in earlier versions
 * @param begunMicros no number is of a decision before this time, microseconds since 1970; null if
 *     the series may have decisions of an earlier start, in the last ledger of a process that was
 *     killed, and in earlier versions
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
    @Nullable Boolean unknownTail,
    @Nullable String region,
    @Nullable Long atMicros,
    @Nullable Long begunMicros) {

  /** The {@code schema_version} that this code writes. */
  public static final int SCHEMA_VERSION = 1;

  /** A ledger without region and times. */
  public LedgerEvent(
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
    this(
        instance,
        epoch,
        partition,
        issued,
        acked,
        spooled,
        dropped,
        settledSeq,
        settledDropped,
        closed,
        unknownTail,
        null,
        null,
        null);
  }

  /** This ledger with the time at which the publisher counted, microseconds since 1970. */
  public LedgerEvent at(long micros) {
    return new LedgerEvent(
        instance,
        epoch,
        partition,
        issued,
        acked,
        spooled,
        dropped,
        settledSeq,
        settledDropped,
        closed,
        unknownTail,
        region,
        micros,
        begunMicros);
  }
}
