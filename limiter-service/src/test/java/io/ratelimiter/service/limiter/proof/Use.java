package io.ratelimiter.service.limiter.proof;

import io.ratelimiter.service.rules.Policy;

/**
 * One thing that happened to a key.
 *
 * @param atMicros the key's own time
 * @param clockMicros the store's clock
 * @param cost units asked for or given back; 0 for a reset
 * @param allowed whether this limit alone allowed it
 * @param told units remaining after it; of an adjustment the units given back
 * @param event id of the event that told it
 */
record Use(
    Kind kind,
    long atMicros,
    long clockMicros,
    Policy policy,
    long cost,
    boolean allowed,
    long told,
    String event) {

  /** What happened. The order is that within one microsecond: whatever writes comes last. */
  enum Kind {
    /** Judged by the store, not charged. */
    JUDGED,
    /** Answered from a known block. */
    CACHED,
    CHARGED,
    REFUNDED,
    RESET
  }

  boolean charged() {
    return kind == Kind.CHARGED;
  }

  boolean adjusted() {
    return kind == Kind.REFUNDED || kind == Kind.RESET;
  }
}
