package io.ratelimiter.service.analytics;

import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** The resolution of a span, in UTC. */
public enum Step {
  MINUTE(Duration.ofMinutes(1)),
  HOUR(Duration.ofHours(1)),
  DAY(Duration.ofDays(1));

  /** Max steps of a span. */
  public static final int MAX = 3_000;

  private final Duration length;

  Step(Duration length) {
    this.length = length;
  }

  /** The name in JSON and SQL. */
  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The step with this {@link #wireName()}; empty for any other text. */
  public static Optional<Step> named(String wireName) {
    return Arrays.stream(values()).filter(step -> step.wireName().equals(wireName)).findFirst();
  }

  /** Number of whole steps in a span. */
  public long in(Span span) {
    return span.length().dividedBy(length);
  }
}
