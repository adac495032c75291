package io.ratelimiter.auditor.completeness;

import io.ratelimiter.schemas.Bounds;
import io.ratelimiter.schemas.LedgerEvent;
import io.ratelimiter.schemas.audit.SeriesReport.Span;
import io.ratelimiter.schemas.audit.SeriesReport.Times;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * When the numbers of one series were issued, microseconds since 1970. A number is issued after its
 * decision, and times are those of the store, so a lower number may have a later time: each span is
 * widened by {@link #MARGIN} and by the largest such difference that was seen in the series.
 */
final class SeriesTimes {

  /** Covers a limiter's pause between decision and number, and clocks that differ. */
  static final Duration MARGIN = Duration.ofMinutes(1);

  /** {@link #begun} of a series that has decisions of an earlier start: any number may be one. */
  private static final long MIXED = -1;

  private static final int NUMBERS = 6;
  private static final long MARGIN_MICROS = MARGIN.toMillis() * 1_000;

  private long last;
  private long disorder;
  private long begun;
  private long closed;
  private long overflowedAfter;
  private long overflowedBefore;
  private TimedCounts late = new TimedCounts();

  static SeriesTimes read(ByteBuffer in) {
    SeriesTimes times = new SeriesTimes();
    times.last = in.getLong();
    times.disorder = in.getLong();
    times.begun = in.getLong();
    times.closed = in.getLong();
    times.overflowedAfter = in.getLong();
    times.overflowedBefore = in.getLong();
    times.late = TimedCounts.read(in);
    return times;
  }

  int bytes() {
    return NUMBERS * Long.BYTES + late.bytes();
  }

  void write(ByteBuffer out) {
    out.putLong(last).putLong(disorder).putLong(begun).putLong(closed);
    out.putLong(overflowedAfter).putLong(overflowedBefore);
    late.write(out);
  }

  /** The time of an event, which is not after its append time unless a clock is wrong. */
  static long possible(long micros, long appendMillis) {
    return Math.min(micros, appendMillis * 1_000);
  }

  /** A time after which the numbers above the highest one were issued; 0 if unknown. */
  long last() {
    return last;
  }

  /** The highest number so far was received. */
  void received(long at) {
    disorder = Math.max(disorder, last - at);
    last = Math.max(last, at);
  }

  /** A number of a gap with these times was received. */
  void received(long at, long after, long before) {
    disorder = Math.max(disorder, Math.max(after - at, at - before));
  }

  /** A received event is not counted in its own minute. */
  void addLate(long at) {
    late.add(new Span(1, at, at));
  }

  /**
   * Applies a ledger.
   *
   * @param newest whether it names no lower number than all records before
   * @return a time before which the numbers that it names were issued
   */
  long apply(LedgerEvent ledger, long appendMillis, boolean newest) {
    Long stated = ledger.atMicros();
    long at = possible(stated == null ? Long.MAX_VALUE : stated, appendMillis);
    if (ledger.begunMicros() != null) {
      begun = begun == MIXED ? MIXED : ledger.begunMicros();
    } else if (stated != null && !ledger.closed()) {
      begun = MIXED;
    }
    if (ledger.closed()) {
      closed = at;
    }
    if (newest && stated != null && !Boolean.TRUE.equals(ledger.unknownTail())) {
      last = Math.max(last, at);
    }
    return at;
  }

  /** The series was closed for silence. */
  void closedAt(long millis) {
    closed = millis * 1_000;
  }

  /** A gap with these times is not kept any more. */
  void overflow(long after, long before, boolean first) {
    overflowedAfter = first ? after : Math.min(overflowedAfter, after);
    overflowedBefore = Math.max(overflowedBefore, before);
  }

  /** The times of what is missing, and of the tail. */
  Times report(ReceivedSeries state, Gaps gaps) {
    TimedCounts missing = new TimedCounts();
    add(state.overflowed, overflowedAfter, overflowedBefore, missing);
    long unexpected = 0;
    long unexpectedBefore = 0;
    for (int range = 0; range < gaps.ranges(); range++) {
      long first = Math.max(gaps.first(range), state.firstExpected() + 1);
      long expected = Math.max(0, gaps.last(range) - first + 1);
      add(expected, gaps.after(range), gaps.before(range), missing);
      long rest = gaps.last(range) - gaps.first(range) + 1 - expected;
      unexpected += rest;
      unexpectedBefore = rest > 0 ? gaps.before(range) : unexpectedBefore;
    }
    long givenUp = state.hasLedger ? state.floorGivenUp : unexpected;
    add(Math.min(unexpected, givenUp), 0, unexpectedBefore, missing);
    return new Times(missing.spans(), late.spans(), tailAfter(state), tailBefore(state));
  }

  private void add(long count, long after, long before, TimedCounts to) {
    if (count > 0) {
      long from = after == 0 || begun == MIXED ? begun : Math.min(after, before);
      to.add(new Span(count, earlier(from), later(Math.max(after, before))));
    }
  }

  private long tailAfter(ReceivedSeries state) {
    long known = Math.max(last, begun);
    return earlier(known == 0 ? state.lastRecordMillis * 1_000 : known);
  }

  private @Nullable Long tailBefore(ReceivedSeries state) {
    return state.closed ? (Long) later(closed) : null;
  }

  private long earlier(long micros) {
    return Math.max(0, micros - MARGIN_MICROS - disorder);
  }

  private long later(long micros) {
    return Math.min(Bounds.MAX_WHOLE, micros + MARGIN_MICROS + disorder);
  }
}
