package io.ratelimiter.service.rules;

import java.util.Arrays;
import java.util.Optional;

/** What to answer when the store does not; later constants win over earlier ones. */
public enum FailMode {
  /** Everything is allowed, and every such decision says that it is degraded. */
  OPEN("open"),
  /** The same algorithms in this process, each with this instance's share of the limit. */
  LOCAL("local"),
  /** Everything is refused with 503. */
  CLOSED("closed");

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
