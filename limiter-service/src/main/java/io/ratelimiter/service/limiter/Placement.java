package io.ratelimiter.service.limiter;

/** Where the counters of a tenant's clients are in a cluster. */
public enum Placement {
  /** Each client has a slot, and rules count by client. */
  CLIENT,
  /** All counters of a tenant are in one slot, so that rules can count several clients. */
  TENANT
}
