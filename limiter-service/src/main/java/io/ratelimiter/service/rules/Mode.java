package io.ratelimiter.service.rules;

import java.util.Arrays;
import java.util.Optional;

/** What a rule does to the checks that it matches. */
public enum Mode {
  /** Determines the answer. */
  ENFORCE("enforce"),
  /** Evaluated and reported; never changes an answer. */
  SHADOW("shadow"),
  /** Counts for the choice of the level like an enforcing rule; that level has no limits. */
  EXEMPT("exempt");

  /** All names, for messages. */
  public static final String WIRE_NAMES = "enforce, shadow or exempt";

  private final String wireName;

  Mode(String wireName) {
    this.wireName = wireName;
  }

  /** The name in JSON and SQL. */
  public String wireName() {
    return wireName;
  }

  /** The mode of that {@link #wireName()}, if there is one. */
  public static Optional<Mode> named(String wireName) {
    return Arrays.stream(values()).filter(m -> m.wireName.equals(wireName)).findFirst();
  }
}
