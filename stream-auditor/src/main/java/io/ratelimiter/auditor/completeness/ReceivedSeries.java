package io.ratelimiter.auditor.completeness;

import io.ratelimiter.schemas.LedgerEvent;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The state of one series except its gaps: counters of few bytes, because every decision changes
 * them.
 */
final class ReceivedSeries {

  private static final int NUMBERS = 17;
  private static final int FLAGS = 5;

  /** Number up to which each number was received or is in a gap. */
  long highest;

  long firstSeen;
  long received;
  long duplicate;
  long overflowed;
  long overflowedUpTo;
  long issued;
  long acked;
  long spooled;
  long dropped;
  long settledSeq;
  long settledDropped;
  long floor;
  long floorDropped;

  /** Numbers up to the floor that the topic may never have had, at most. */
  long floorGivenUp;

  long lastRecordMillis;
  long revision;
  boolean hasLedger;
  boolean closed;
  boolean closedByPublisher;
  boolean unknownTail;
  boolean trimmed;
  SeriesTimes times = new SeriesTimes();

  static ReceivedSeries decode(byte @Nullable [] bytes) {
    ReceivedSeries series = new ReceivedSeries();
    if (bytes != null) {
      series.read(StateVersion.read(bytes));
    }
    return series;
  }

  private void read(ByteBuffer in) {
    highest = in.getLong();
    firstSeen = in.getLong();
    received = in.getLong();
    duplicate = in.getLong();
    overflowed = in.getLong();
    overflowedUpTo = in.getLong();
    issued = in.getLong();
    acked = in.getLong();
    spooled = in.getLong();
    dropped = in.getLong();
    settledSeq = in.getLong();
    settledDropped = in.getLong();
    floor = in.getLong();
    floorDropped = in.getLong();
    floorGivenUp = in.getLong();
    lastRecordMillis = in.getLong();
    revision = in.getLong();
    hasLedger = in.get() != 0;
    closed = in.get() != 0;
    closedByPublisher = in.get() != 0;
    unknownTail = in.get() != 0;
    trimmed = in.get() != 0;
    times = SeriesTimes.read(in);
  }

  byte[] encode() {
    ByteBuffer out = ByteBuffer.allocate(1 + NUMBERS * Long.BYTES + FLAGS + times.bytes());
    StateVersion.write(out);
    out.putLong(highest).putLong(firstSeen).putLong(received).putLong(duplicate);
    out.putLong(overflowed).putLong(overflowedUpTo);
    out.putLong(issued).putLong(acked).putLong(spooled).putLong(dropped);
    out.putLong(settledSeq).putLong(settledDropped).putLong(floor).putLong(floorDropped);
    out.putLong(floorGivenUp).putLong(lastRecordMillis).putLong(revision);
    put(put(put(put(put(out, hasLedger), closed), closedByPublisher), unknownTail), trimmed);
    times.write(out);
    return out.array();
  }

  private static ByteBuffer put(ByteBuffer out, boolean flag) {
    return out.put((byte) (flag ? 1 : 0));
  }

  /**
   * Applies a ledger of the publisher except to the gaps; an older ledger changes nothing and does
   * not open a closed series.
   */
  void apply(LedgerEvent ledger) {
    boolean staysClosed = closed && !ledger.closed() && !isNewer(ledger);
    if (ledger.settledSeq() >= settledSeq) {
      settledSeq = ledger.settledSeq();
      settledDropped = ledger.settledDropped();
    }
    issued = Math.max(issued, ledger.issued());
    acked = Math.max(acked, ledger.acked());
    dropped = Math.max(dropped, ledger.dropped());
    if (staysClosed) {
      return;
    }
    spooled = ledger.spooled();
    if (!hasLedger && trimmed) {
      floor = settledSeq;
      floorDropped = settledDropped;
      floorGivenUp = dropped;
    }
    hasLedger = true;
    closed = ledger.closed();
    closedByPublisher = ledger.closed();
    unknownTail = !Boolean.FALSE.equals(ledger.unknownTail());
  }

  /** Whether a count exceeds those of all earlier ledgers, or the highest known number. */
  private boolean isNewer(LedgerEvent ledger) {
    return ledger.issued() > highestKnown()
        || ledger.settledSeq() > settledSeq
        || ledger.acked() > acked
        || ledger.dropped() > dropped;
  }

  /** Opens the series because a number was received for the first time. */
  void reopen(long seq) {
    closed = false;
    if (seq > issued) {
      closedByPublisher = false;
    }
  }

  /** The highest number that was issued as far as known, whether received or not. */
  long highestKnown() {
    return Math.max(highest, Math.max(issued, settledSeq));
  }

  /** Whether numbers above {@link #highestKnown} may exist; null while the series is open. */
  @Nullable Boolean unknownTail() {
    return closed ? (Boolean) (!closedByPublisher || unknownTail) : null;
  }

  /**
   * The number up to which missing numbers are not lost, because the topic no longer had the first
   * records of the series when it was first read; 0 if it had.
   */
  long firstExpected() {
    return trimmed && !hasLedger ? Math.max(firstSeen - 1, 0) : floor;
  }

  /**
   * The count of missing numbers that the publisher did not drop: up to {@code settledSeq} while
   * the series is open, up to {@link #highestKnown} once it is closed.
   */
  long lost(Gaps gaps) {
    long from = firstExpected();
    long to = closed ? highestKnown() : settledSeq;
    long missing = gaps.countIn(from, to);
    if (overflowedUpTo > from && overflowedUpTo <= to) {
      missing += overflowed;
    }
    return Math.max(0, missing - (settledDropped - floorDropped));
  }
}
