package io.ratelimiter.service.rules;

import java.time.Instant;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** When at least one of some rules is in force: disjoint spans of time, milliseconds since 1970. */
final class TimeSpans {

  static final TimeSpans ALWAYS =
      new TimeSpans(new long[] {Long.MIN_VALUE}, new long[] {Long.MAX_VALUE});
  static final TimeSpans NEVER = new TimeSpans(new long[0], new long[0]);

  private final long[] starts;
  private final long[] ends;

  private TimeSpans(long[] starts, long[] ends) {
    this.starts = starts;
    this.ends = ends;
  }

  static TimeSpans of(List<Rule> rules) {
    if (rules.stream().anyMatch(rule -> !rule.timed())) {
      return ALWAYS;
    }
    long[] starts = new long[rules.size()];
    long[] ends = new long[rules.size()];
    int count = 0;
    for (Rule rule : rules.stream().sorted(Comparator.comparingLong(TimeSpans::start)).toList()) {
      if (count > 0 && start(rule) <= ends[count - 1]) {
        ends[count - 1] = Math.max(ends[count - 1], end(rule));
      } else {
        starts[count] = start(rule);
        ends[count++] = end(rule);
      }
    }
    return new TimeSpans(Arrays.copyOf(starts, count), Arrays.copyOf(ends, count));
  }

  private static long start(Rule rule) {
    return millis(rule.validFrom(), Long.MIN_VALUE);
  }

  private static long end(Rule rule) {
    return millis(rule.validUntil(), Long.MAX_VALUE);
  }

  private static long millis(@Nullable Instant instant, long otherwise) {
    return instant == null ? otherwise : instant.toEpochMilli();
  }

  /** Whether the answer is the same at every time. */
  boolean constant() {
    return starts.length == 0 || (starts[0] == Long.MIN_VALUE && ends[0] == Long.MAX_VALUE);
  }

  /** Logarithmic in the number of spans. */
  boolean contains(long nowMillis) {
    int found = Arrays.binarySearch(starts, nowMillis);
    int span = found >= 0 ? found : -found - 2;
    return span >= 0 && nowMillis < ends[span];
  }
}
