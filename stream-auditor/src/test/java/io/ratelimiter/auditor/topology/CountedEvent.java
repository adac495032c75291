package io.ratelimiter.auditor.topology;

import io.ratelimiter.schemas.AdjustmentEvent;
import io.ratelimiter.schemas.DecisionEvent;
import io.ratelimiter.schemas.DecisionEvent.Limit;
import org.jspecify.annotations.Nullable;

/** An event in a row: a decision of its own, a verdict of a shadow rule, or an adjustment. */
record CountedEvent(
    @Nullable DecisionEvent decision,
    @Nullable Limit shadow,
    @Nullable AdjustmentEvent adjustment,
    boolean late) {

  boolean isOwn() {
    return decision != null && shadow == null;
  }

  boolean isAllowed() {
    return isOwn() && decision.allowed();
  }

  boolean isError() {
    return isOwn() && "store_unavailable".equals(decision.reason());
  }

  boolean isBlocked() {
    return isOwn() && !decision.allowed() && !isError();
  }

  boolean wouldBlock() {
    return shadow != null && !shadow.verdict().allowed();
  }

  boolean isRefund() {
    return adjustment != null && adjustment.kind().equals("refund");
  }

  boolean isOf(String priority) {
    return decision != null && decision.spending().priority().equals(priority);
  }

  long waitMicros() {
    return isOwn() ? decision.spending().waitMicros() : 0;
  }

  boolean isSettlement() {
    return adjustment != null && adjustment.kind().equals("settle");
  }

  /** By how much a settlement exceeds its estimate. */
  long excess() {
    return isSettlement() ? adjustment.cost() - adjustment.settled().estimate() : 0;
  }

  long uncharged() {
    return isSettlement() ? adjustment.settled().uncharged() : 0;
  }

  long cost() {
    return decision == null ? adjustment.cost() : decision.cost();
  }

  long at() {
    return decision == null ? adjustment.decidedAtMicros() : decision.decidedAtMicros();
  }
}
