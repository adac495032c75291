package io.ratelimiter.auditor.completeness;

import io.ratelimiter.schemas.Bounds;
import io.ratelimiter.schemas.audit.SeriesReport;
import io.ratelimiter.schemas.audit.SeriesReport.Span;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Counts of numbers with the span of time in which they were issued, at most {@link
 * SeriesReport#MAX_SPANS}, in ascending order of their begin. Counts whose spans begin in one hour
 * and end in one hour are merged, which loses nothing by the hour; beyond the max the two oldest
 * are merged, so that each hour's sum stays an upper bound.
 */
final class TimedCounts {

  private static final long HOUR_MICROS = 3_600_000_000L;
  private static final int BYTES = 3 * Long.BYTES;

  private final List<Span> spans = new ArrayList<>();

  /** The hour of a time, hours since 1970. */
  static long hour(long micros) {
    return micros / HOUR_MICROS;
  }

  static TimedCounts read(ByteBuffer in) {
    TimedCounts counts = new TimedCounts();
    while (in.hasRemaining()) {
      counts.spans.add(new Span(in.getLong(), in.getLong(), in.getLong()));
    }
    return counts;
  }

  int bytes() {
    return spans.size() * BYTES;
  }

  void write(ByteBuffer out) {
    for (Span span : spans) {
      out.putLong(span.count()).putLong(span.afterMicros()).putLong(span.beforeMicros());
    }
  }

  /** Adds numbers that were issued in a span of time. */
  void add(Span added) {
    int place = 0;
    for (int i = 0; i < spans.size(); i++) {
      Span span = spans.get(i);
      if (hour(span.afterMicros()) == hour(added.afterMicros())
          && hour(span.beforeMicros()) == hour(added.beforeMicros())) {
        spans.set(i, merge(span, added));
        return;
      }
      if (span.afterMicros() <= added.afterMicros()) {
        place = i + 1;
      }
    }
    spans.add(place, added);
    if (spans.size() > SeriesReport.MAX_SPANS) {
      spans.set(0, merge(spans.get(0), spans.remove(1)));
    }
  }

  private static Span merge(Span one, Span other) {
    return new Span(
        Bounds.sum(one.count(), other.count()),
        Math.min(one.afterMicros(), other.afterMicros()),
        Math.max(one.beforeMicros(), other.beforeMicros()));
  }

  List<Span> spans() {
    return List.copyOf(spans);
  }
}
