package io.ratelimiter.schemas.audit;

import io.ratelimiter.schemas.LedgerEvent;
import java.util.List;
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
 * @param times null in reports of earlier versions
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
    long lastRecordMillis,
    @Nullable Times times) {

  /** The {@code schema_version} that this code writes. */
  public static final int SCHEMA_VERSION = 1;

  /** Max entries of a list of spans. */
  public static final int MAX_SPANS = 64;

  /**
   * Numbers and the span in which their decisions were made: no earlier than {@code afterMicros}
   * and no later than {@code beforeMicros}, microseconds since 1970. 0 if the begin is unknown.
   */
  public record Span(long count, long afterMicros, long beforeMicros) {}

  /**
   * When the numbers of a series were issued, microseconds since 1970. A number is in one span
   * only; an hour misses at most the sum of the spans that touch it.
   *
   * @param missing numbers that were not received: lost, dropped or still expected
   * @param late received events that are counted in the minute of their arrival
   * @param tailAfterMicros numbers that are not known to be issued are of decisions after this time
   * @param tailBeforeMicros and before this time; null while the series is open
   */
  public record Times(
      List<Span> missing, List<Span> late, long tailAfterMicros, @Nullable Long tailBeforeMicros) {

    public Times {
      missing = List.copyOf(missing);
      late = List.copyOf(late);
    }
  }
}
