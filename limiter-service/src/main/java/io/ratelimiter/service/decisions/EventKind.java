package io.ratelimiter.service.decisions;

import io.ratelimiter.schemas.EventHeaders;

/** What an event tells. */
enum EventKind {
  DECISION(EventHeaders.TYPE_DECISION),
  ADJUSTMENT(EventHeaders.TYPE_ADJUSTMENT),
  LEDGER(EventHeaders.TYPE_LEDGER);

  private final String type;

  EventKind(String type) {
    this.type = type;
  }

  /** Value of {@code ce_type}. */
  String type() {
    return type;
  }
}
