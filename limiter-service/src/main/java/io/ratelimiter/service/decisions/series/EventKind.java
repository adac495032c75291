package io.ratelimiter.service.decisions.series;

import io.ratelimiter.schemas.EventHeaders;

/** The type of an event. */
public enum EventKind {
  DECISION(EventHeaders.TYPE_DECISION),
  ADJUSTMENT(EventHeaders.TYPE_ADJUSTMENT),
  LEDGER(EventHeaders.TYPE_LEDGER);

  private final String wireName;

  EventKind(String wireName) {
    this.wireName = wireName;
  }

  /** Value of {@code ce_type}. */
  public String wireName() {
    return wireName;
  }
}
