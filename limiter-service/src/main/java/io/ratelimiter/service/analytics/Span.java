package io.ratelimiter.service.analytics;

import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;

/**
 * A span of time.
 *
 * @param from first instant in it
 * @param to first instant after it
 */
public record Span(Instant from, Instant to) {

  /** Max length; older totals are deleted. */
  public static final Duration MAX = Duration.ofDays(92);

  public Span {
    if (!from.isBefore(to)) {
      throw new IllegalArgumentException("from must be before to");
    }
    if (Duration.between(from, to).compareTo(MAX) > 0) {
      throw new IllegalArgumentException(
          "from and to must be at most %d days apart".formatted(MAX.toDays()));
    }
  }

  Duration length() {
    return Duration.between(from, to);
  }

  OffsetDateTime fromUtc() {
    return from.atOffset(ZoneOffset.UTC);
  }

  OffsetDateTime toUtc() {
    return to.atOffset(ZoneOffset.UTC);
  }
}
