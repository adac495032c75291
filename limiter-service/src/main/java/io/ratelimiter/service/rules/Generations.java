package io.ratelimiter.service.rules;

import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * The generations of the matches of one rule set: a new one begins whenever a rule comes into force
 * or is no longer in force.
 */
final class Generations {

  private final long first;

  /** The times at which a generation begins, milliseconds since 1970, ascending. */
  private final long[] switchesMillis;

  /**
   * @param first the first generation, also that of matches that do not depend on the time
   * @param enabled the enabled rules
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

  /** The first generation, also that of matches that do not depend on the time. */
  long first() {
    return first;
  }

  /**
   * The generation at a time.
   *
   * @param nowMillis milliseconds since 1970
   */
  long at(long nowMillis) {
    int found = Arrays.binarySearch(switchesMillis, nowMillis);
    return first + (found >= 0 ? found + 1 : -found - 1);
  }

  /** The first generation of the set that replaces this one. */
  long next() {
    return first + switchesMillis.length + 1;
  }
}
