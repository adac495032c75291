package io.ratelimiter.service.rules;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** The priority of a check: rules may keep a part of their capacity from lower ones. */
public enum Priority {
  HIGH,
  /** The priority of a check that names none. */
  NORMAL,
  LOW;

  /** All names, for messages. */
  public static final String WIRE_NAMES = "high, normal or low";

  private final String wireName = name().toLowerCase(Locale.ROOT);

  /** The name in JSON, metrics and SQL. */
  public String wireName() {
    return wireName;
  }

  /** The priority of that {@link #wireName()}, if there is one. */
  public static Optional<Priority> named(String wireName) {
    return Arrays.stream(values()).filter(p -> p.wireName.equals(wireName)).findFirst();
  }
}
