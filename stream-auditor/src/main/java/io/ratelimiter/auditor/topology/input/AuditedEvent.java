package io.ratelimiter.auditor.topology.input;

import io.ratelimiter.schemas.AdjustmentEvent;
import io.ratelimiter.schemas.DecisionEvent;
import io.ratelimiter.schemas.LedgerEvent;

/** An event of the decisions topic. */
public sealed interface AuditedEvent {

  /** A decision: has a number in its series and is counted in rows. */
  record Decision(DecisionEvent event) implements AuditedEvent {}

  /** A refund, a reset or a settlement: has a number in its series and is counted in rows. */
  record Adjustment(AdjustmentEvent event) implements AuditedEvent {}

  /** A publisher's account of one of its series; has no number. */
  record Ledger(LedgerEvent event) implements AuditedEvent {}
}
