package io.ratelimiter.service.rules;

import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * The generations of the matches of one rule set: a new one begins when a rule comes into force or
 * ceases to be.
 */
final class Generations {

  private final long first;

  /** The times at which a rule comes into force or ceases to be, ascending. */
  private final long[] switchesMillis;

  /**
   * @param first generation before all of these times, and of matches that do not depend on them
   * @param enabled the rules that may come into force
   */
  Generations(long first, List<AnyRule> enabled) {
    this.first = first;
    this.switchesMillis =
        enabled.stream()
            .flatMap(rule -> Stream.of(rule.terms().validFrom(), rule.terms().validUntil()))
            .filter(Objects::nonNull)
            .mapToLong(Instant::toEpochMilli)
            .sorted()
            .distinct()
            .toArray();
  }

  long first() {
    return first;
  }

  long at(long nowMillis) {
    int found = Arrays.binarySearch(switchesMillis, nowMillis);
    return first + (found >= 0 ? found + 1 : -found - 1);
  }

  /** The first generation of the set that replaces this one. */
  long next() {
    return first + switchesMillis.length + 1;
  }
}
