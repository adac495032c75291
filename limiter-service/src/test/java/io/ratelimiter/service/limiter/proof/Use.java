package io.ratelimiter.service.limiter.proof;

import io.ratelimiter.service.rules.Policy;

/**
 * One evaluation or change of a key.
 *
 * @param atMicros the key's own time
 * @param clockMicros the store's clock
 * @param cost the cost of the check or refund, units; 0 for a reset
 * @param allowed whether this limit alone allowed it
 * @param units units remaining after it; of an adjustment the units given back
 * @param event id of the event
 */
record Use(
    Kind kind,
    long atMicros,
    long clockMicros,
    Policy policy,
    long cost,
    boolean allowed,
    long units,
    String event) {

  /** The kinds of uses, in their order within one microsecond: those that write come last. */
  enum Kind {
    /** Evaluated by the store, not charged. */
    EVALUATED,
    /** Answered from a cached block. */
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
