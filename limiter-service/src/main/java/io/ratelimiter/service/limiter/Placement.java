package io.ratelimiter.service.limiter;

/** The hash slots of a tenant's counters in a cluster. */
public enum Placement {
  /** Each client's counters are in one slot; counters that several clients share are refused. */
  CLIENT,
  /** All counters of a tenant are in one slot, so that clients can share counters. */
  TENANT
}
