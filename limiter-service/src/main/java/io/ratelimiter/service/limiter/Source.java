package io.ratelimiter.service.limiter;

/** Where a decision comes from. */
public enum Source {
  /** The store decided. */
  REDIS("redis"),
  /** The algorithms in this process decided, because the store does not answer. */
  LOCAL("local"),
  /** A block that the store gave less than its retry time ago. */
  CACHE("cache"),
  /** Nobody decided: failing open or closed, or no rule. */
  NONE("none");

  private final String wireName;

  Source(String wireName) {
    this.wireName = wireName;
  }

  /** The name in JSON and metrics. */
  public String wireName() {
    return wireName;
  }
}
