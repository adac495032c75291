package io.ratelimiter.auditor.topology;

import io.ratelimiter.schemas.AdjustmentEvent;
import io.ratelimiter.schemas.DecisionEvent;
import io.ratelimiter.schemas.LedgerEvent;

/** What stands on the decisions topic, as far as the audit needs it. */
sealed interface Audited {

  /** A decision: takes a number, is counted. */
  record Decided(DecisionEvent event) implements Audited {}

  /** A refund or a reset: takes a number, counts in no row. */
  record Adjusted(AdjustmentEvent event) implements Audited {}

  /** A publisher's word on one of its series. */
  record Told(LedgerEvent ledger) implements Audited {}
}
