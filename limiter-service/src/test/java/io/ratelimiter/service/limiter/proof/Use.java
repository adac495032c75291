package io.ratelimiter.service.limiter.proof;

import io.ratelimiter.service.rules.Policy;
import org.jspecify.annotations.Nullable;

/**
 * One evaluation or change of a key.
 *
 * @param atMicros the key's own time
 * @param clockMicros the store's clock
 * @param policy of the rule
 * @param terms of the check and the rule
 * @param enforcing whether the limit is enforced
 * @param cost the cost of the check or refund, units; the actual cost of a settlement; 0 for a
 *     reset
 * @param allowed whether this limit alone allowed it
 * @param units units remaining after it; of an adjustment the units given back
 * @param settled of a settlement, else null
 * @param event id of the event
 */
record Use(
    Kind kind,
    long atMicros,
    long clockMicros,
    Policy policy,
    Terms terms,
    boolean enforcing,
    long cost,
    boolean allowed,
    long units,
    @Nullable Settled settled,
    String event) {

  /**
   * The kinds of uses, in their order within one microsecond: those that write come last. A
   * settlement that changes nothing does not write either.
   */
  enum Kind {
    /** Evaluated by the store, not charged. */
    EVALUATED,
    /** Answered from a cached block. */
    CACHED,
    SETTLED,
    CHARGED,
    REFUNDED,
    RESET
  }

  /**
   * What a settlement changed beside the units given back.
   *
   * @param decisionId the decision that it settles
   * @param estimate units charged by the check
   * @param taken units charged in addition
   * @param uncharged units beyond the overdraft
   */
  record Settled(String decisionId, long estimate, long taken, long uncharged) {}

  Use with(Terms other) {
    return new Use(
        kind,
        atMicros,
        clockMicros,
        policy,
        other,
        enforcing,
        cost,
        allowed,
        units,
        settled,
        event);
  }

  boolean charged() {
    return kind == Kind.CHARGED;
  }

  /** Whether units were given back or taken by something other than a check. */
  boolean adjusted() {
    return kind == Kind.REFUNDED || kind == Kind.RESET || kind == Kind.SETTLED;
  }

  /** The policy for the priority of the check. */
  Policy effective() {
    return terms.effective(policy);
  }

  /** Time from the key's own time until the caller starts, microseconds. */
  long startsAfterMicros() {
    return Math.max(0, clockMicros + terms.waitMicros() - atMicros);
  }
}
