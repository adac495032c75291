package io.ratelimiter.service.limiter;

/** Where a decision comes from. */
public enum Source {
  /** The store decided. */
  REDIS("redis"),
  /** The algorithms in this process decided because the store did not answer. */
  LOCAL("local"),
  /** A block that the store returned less than its retry time ago. */
  CACHE("cache"),
  /** No limit was evaluated: the check failed open or closed, or no rule applies. */
  NONE("none");

  private final String wireName;

  Source(String wireName) {
    this.wireName = wireName;
  }

  public String wireName() {
    return wireName;
  }
}
