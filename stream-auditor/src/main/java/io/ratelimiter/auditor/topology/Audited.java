package io.ratelimiter.auditor.topology;

import io.ratelimiter.schemas.DecisionEvent;
import io.ratelimiter.schemas.LedgerEvent;
import io.ratelimiter.schemas.SeriesPosition;

/** What stands on the decisions topic, as far as the audit needs it. */
sealed interface Audited {

  /** A decision: takes a number, is counted. */
  record Decided(DecisionEvent event) implements Audited {}

  /** A refund or a reset: takes a number, counts in no row. */
  record Adjusted(SeriesPosition position) implements Audited {}

  /** A publisher's word on one of its series. */
  record Told(LedgerEvent ledger) implements Audited {}
}
