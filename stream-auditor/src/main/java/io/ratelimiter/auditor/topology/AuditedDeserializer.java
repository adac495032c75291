package io.ratelimiter.auditor.topology;

import io.ratelimiter.schemas.DecisionEvent;
import io.ratelimiter.schemas.EventHeaders;
import io.ratelimiter.schemas.EventReader;
import io.ratelimiter.schemas.LedgerEvent;
import io.ratelimiter.schemas.SeriesPosition;
import io.ratelimiter.schemas.UnreadableEventException;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.Set;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.serialization.Deserializer;
import org.jspecify.annotations.Nullable;

/**
 * Reads a record by the type in its headers. What it cannot read, or what could not stand in a
 * table, it refuses with a reason: the streams runtime puts it on the dead-letter topic.
 */
final class AuditedDeserializer implements Deserializer<Audited> {

  /** The year 10000; PostgreSQL goes further, most readers of a date do not. */
  private static final long END_OF_TIME_MICROS = 253_402_300_800_000_000L;

  /** What a tracer looks for, and what names the decision in a line of the log. */
  private static final Set<String> KEPT_HEADERS =
      Set.of("traceparent", "tracestate", "baggage", EventHeaders.CORRELATION_ID);

  private final EventReader reader = new EventReader();
  private final AuditCounts counts;

  AuditedDeserializer(AuditCounts counts) {
    this.counts = counts;
  }

  @Override
  public Audited deserialize(String topic, byte @Nullable [] value) {
    throw new UnsupportedOperationException("the type of an event stands in its headers");
  }

  @Override
  public Audited deserialize(String topic, Headers headers, byte @Nullable [] value) {
    try {
      Audited audited = read(headers, value);
      lighten(headers);
      return audited;
    } catch (UnreadableEventException e) {
      counts.deadLetter();
      throw e;
    }
  }

  /**
   * A store's cache keeps, for each row, the headers of the record that changed it, and a header
   * that nobody has read keeps the bytes of its whole record. Only these few stay, and are read.
   */
  private static void lighten(Headers headers) {
    for (Iterator<Header> all = headers.iterator(); all.hasNext(); ) {
      Header header = all.next();
      if (!KEPT_HEADERS.contains(header.key()) || header.value() == null) {
        all.remove();
      }
    }
  }

  private Audited read(Headers headers, byte @Nullable [] value) {
    Header header = headers.lastHeader(EventHeaders.CE_TYPE);
    if (header == null || header.value() == null) {
      throw new UnreadableEventException("header " + EventHeaders.CE_TYPE + " is missing");
    }
    String type = new String(header.value(), StandardCharsets.UTF_8);
    return switch (type) {
      case EventHeaders.TYPE_DECISION -> new Audited.Decided(checked(reader.decision(value)));
      case EventHeaders.TYPE_ADJUSTMENT ->
          new Audited.Adjusted(checked(reader.adjustment(value).position()));
      case EventHeaders.TYPE_LEDGER -> new Audited.Told(checked(reader.ledger(value)));
      default -> throw new UnreadableEventException(EventHeaders.CE_TYPE + " is unknown: " + type);
    };
  }

  private static DecisionEvent checked(DecisionEvent event) {
    checked(event.position());
    require(event.cost() >= 0, "cost is negative");
    require(event.latencyMicros() >= 0, "latency_us is negative");
    require(
        event.decidedAtMicros() >= 0 && event.decidedAtMicros() < END_OF_TIME_MICROS,
        "decided_at_us is not between the years 1970 and 9999");
    requireText(event.tenant(), "tenant");
    requireText(event.clientId(), "client_id");
    requireText(event.limitKey(), "limit_key");
    for (DecisionEvent.Limit limit : event.limits()) {
      requireText(limit.rule(), "rule");
      requireText(limit.ruleTenant(), "rule_tenant");
      requireText(limit.ruleLimitKey(), "rule_limit_key");
      requireText(limit.algorithm(), "algorithm");
    }
    DecisionEvent.Top top = event.top();
    require(
        top == null || event.limits().stream().anyMatch(limit -> limit.ruleId() == top.ruleId()),
        "limits holds no entry for rule_id");
    return event;
  }

  private static SeriesPosition checked(SeriesPosition position) {
    require(position.seq() >= 1, "seq is below 1");
    requireText(position.instance(), "instance");
    requireText(position.epoch(), "epoch");
    return position;
  }

  private static LedgerEvent checked(LedgerEvent ledger) {
    requireText(ledger.instance(), "instance");
    requireText(ledger.epoch(), "epoch");
    require(
        ledger.settledSeq() >= 0 && ledger.settledDropped() >= 0 && ledger.issued() >= 0,
        "a ledger's count is negative");
    return ledger;
  }

  /** PostgreSQL's text holds every character but this one. */
  private static void requireText(String value, String name) {
    if (value.indexOf('\0') >= 0) {
      throw new UnreadableEventException(name + " holds a NUL character");
    }
  }

  private static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new UnreadableEventException(otherwise);
    }
  }
}
