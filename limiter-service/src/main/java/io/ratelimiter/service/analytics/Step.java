package io.ratelimiter.service.analytics;

import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** How long the pieces are that a span is cut into, in UTC. */
public enum Step {
  MINUTE(Duration.ofMinutes(1)),
  HOUR(Duration.ofHours(1)),
  DAY(Duration.ofDays(1));

  /** More would be neither seen nor worth the database's work. */
  public static final int MAX = 3_000;

  private final Duration length;

  Step(Duration length) {
    this.length = length;
  }

  /** The name in JSON and SQL. */
  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The step of that {@link #wireName()}, if there is one. */
  public static Optional<Step> named(String wireName) {
    return Arrays.stream(values()).filter(step -> step.wireName().equals(wireName)).findFirst();
  }

  /** Into how many pieces a span is cut, not counting the broken one at its end. */
  public long in(Span span) {
    return span.length().dividedBy(length);
  }
}
