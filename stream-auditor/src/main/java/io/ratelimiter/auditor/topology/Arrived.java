package io.ratelimiter.auditor.topology;

import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/** A record as it was read: an event or a fault, and the bytes that a dead letter needs. */
final class Arrived {

  private final @Nullable Audited event;
  private final @Nullable String fault;
  private final byte @Nullable [] value;
  private final Header[] headers;

  private Arrived(
      @Nullable Audited event, @Nullable String fault, byte @Nullable [] value, Header[] headers) {
    this.event = event;
    this.fault = fault;
    this.value = value;
    this.headers = headers;
  }

  static Arrived readable(Audited event, byte @Nullable [] value, Header[] headers) {
    return new Arrived(event, null, value, headers);
  }

  static Arrived unreadable(String fault, byte @Nullable [] value, Header[] headers) {
    return new Arrived(null, fault, value, headers);
  }

  /** The event; null when there is a fault. */
  @Nullable Audited event() {
    return event;
  }

  /** The fault; null when there is an event. */
  @Nullable String fault() {
    return fault;
  }

  byte @Nullable [] value() {
    return value;
  }

  /** The record's headers as received. */
  Header[] headers() {
    return headers;
  }
}
