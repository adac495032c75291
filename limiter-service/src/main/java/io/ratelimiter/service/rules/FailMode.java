package io.ratelimiter.service.rules;

import java.util.Arrays;
import java.util.Optional;

/** What a check returns when the store does not answer; later constants take precedence. */
public enum FailMode {
  /** Every check is allowed, and its decision is marked as degraded. */
  OPEN("open"),
  /** The same algorithms in this process, with this instance's share of each limit. */
  LOCAL("local"),
  /** Every check gets status 503. */
  CLOSED("closed");

  /** All names, for messages. */
  public static final String WIRE_NAMES = "open, closed or local";

  private final String wireName;

  FailMode(String wireName) {
    this.wireName = wireName;
  }

  /** The name in JSON, SQL and settings. */
  public String wireName() {
    return wireName;
  }

  /** The fail mode of that {@link #wireName()}, if there is one. */
  public static Optional<FailMode> named(String wireName) {
    return Arrays.stream(values()).filter(m -> m.wireName.equals(wireName)).findFirst();
  }
}
