package io.ratelimiter.auditor.topology.input;

import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/**
 * A record of the decisions topic: its event or the fault of its value, and the bytes that a dead
 * letter needs. Not a record, whose equality would compare arrays by identity.
 */
public final class ReceivedRecord {

  private final @Nullable AuditedEvent event;
  private final @Nullable String fault;
  private final byte @Nullable [] value;
  private final Header[] headers;

  private ReceivedRecord(
      @Nullable AuditedEvent event,
      @Nullable String fault,
      byte @Nullable [] value,
      Header[] headers) {
    this.event = event;
    this.fault = fault;
    this.value = value;
    this.headers = headers;
  }

  static ReceivedRecord readable(AuditedEvent event, byte @Nullable [] value, Header[] headers) {
    return new ReceivedRecord(event, null, value, headers);
  }

  static ReceivedRecord unreadable(String fault, byte @Nullable [] value, Header[] headers) {
    return new ReceivedRecord(null, fault, value, headers);
  }

  /** The event; null when there is a fault. */
  public @Nullable AuditedEvent event() {
    return event;
  }

  /** The fault; null when there is an event. */
  public @Nullable String fault() {
    return fault;
  }

  /** The value as received. */
  public byte @Nullable [] value() {
    return value;
  }

  /** All headers as received. */
  public Header[] headers() {
    return headers;
  }
}
