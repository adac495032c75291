package io.ratelimiter.schemas;

import static io.ratelimiter.schemas.FieldName.*;
import static io.ratelimiter.schemas.json.JsonMembers.write;
import static io.ratelimiter.schemas.json.JsonMembers.writeSeconds;

import io.ratelimiter.schemas.json.JsonBytes;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

/** Writes events as the JSON of their schema. Thread-safe. */
public final class EventWriter {

  private final JsonBytes json = new JsonBytes();

  /** The event as {@code decision.v1}. */
  public byte[] decision(DecisionEvent event) {
    return json.write(out -> writeDecision(out, event));
  }

  /** The event as {@code adjustment.v1}. */
  public byte[] adjustment(AdjustmentEvent event) {
    return json.write(out -> writeAdjustment(out, event));
  }

  /** The event as {@code ledger.v1}. */
  public byte[] ledger(LedgerEvent event) {
    return json.write(out -> writeLedger(out, event));
  }

  private static void writeDecision(JsonGenerator out, DecisionEvent event) {
    write(out, TYPE.json(), EventHeaders.TYPE_DECISION);
    write(out, SCHEMA_VERSION.json(), DecisionEvent.SCHEMA_VERSION);
    write(out, DECISION_ID.json(), event.decisionId());
    writePosition(out, event.position());
    write(out, CORRELATION_ID.json(), event.correlationId());
    writeSubject(out, event.tenant(), event.clientId(), event.limitKey());
    EventAttributes.write(out, event.attributes());
    write(out, COST.json(), event.cost());
    EventSpending.write(out, event.spending());
    write(out, ALLOWED.json(), event.allowed());
    write(out, REASON.json(), event.reason());
    writeTop(out, event.top());
    write(out, RETRY_AFTER_MS.json(), event.retryAfterMillis());
    write(out, SOURCE.json(), event.source());
    write(out, DEGRADED.json(), event.degraded());
    write(out, DEGRADED_REASON.json(), event.degradedReason());
    write(out, DECIDED_AT_US.json(), event.decidedAtMicros());
    write(out, LATENCY_US.json(), event.latencyMicros());
    out.writeName(LIMITS.json());
    out.writeStartArray();
    for (DecisionEvent.Limit limit : event.limits()) {
      writeLimit(out, limit);
    }
    out.writeEndArray();
  }

  private static void writeTop(JsonGenerator out, DecisionEvent.@Nullable Top top) {
    write(out, REMAINING.json(), top == null ? null : top.remaining());
    write(out, LIMIT.json(), top == null ? null : top.limit());
    write(out, WINDOW_SECONDS.json(), top == null ? null : top.windowSeconds());
    writeSeconds(out, RESET_AT.json(), top == null ? null : top.resetAtMillis());
    write(out, ALGORITHM.json(), top == null ? null : top.algorithm());
    write(out, RULE.json(), top == null ? null : top.rule());
    write(out, RULE_ID.json(), top == null ? null : top.ruleId());
    write(out, RULE_REVISION.json(), top == null ? null : top.ruleRevision());
    write(out, MODE.json(), top == null ? null : top.mode());
  }

  private static void writeLimit(JsonGenerator out, DecisionEvent.Limit limit) {
    DecisionEvent.Verdict verdict = limit.verdict();
    out.writeStartObject();
    write(out, RULE.json(), limit.rule());
    write(out, RULE_ID.json(), limit.ruleId());
    write(out, RULE_TENANT.json(), limit.ruleTenant());
    write(out, RULE_LIMIT_KEY.json(), limit.ruleLimitKey());
    write(out, RULE_REVISION.json(), limit.ruleRevision());
    write(out, ALGORITHM.json(), limit.algorithm());
    write(out, LIMIT.json(), limit.limit());
    write(out, BURST.json(), limit.burst());
    write(out, WINDOW.json(), limit.windowSeconds());
    write(out, REMAINING.json(), verdict == null ? null : verdict.remaining());
    writeSeconds(out, RESET_AT.json(), verdict == null ? null : verdict.resetAtMillis());
    write(out, ALLOWED.json(), verdict == null ? null : verdict.allowed());
    write(out, MODE.json(), limit.mode());
    write(out, SHARED.json(), limit.shared());
    EventAttributes.write(out, limit.counter());
    write(out, AT_US.json(), verdict == null ? null : verdict.atMicros());
    write(out, REBASED.json(), verdict != null && verdict.rebased());
    write(out, CHARGED.json(), verdict != null && verdict.charged());
    EventSpending.write(out, limit.terms());
    out.writeEndObject();
  }

  private static void writeAdjustment(JsonGenerator out, AdjustmentEvent event) {
    write(out, TYPE.json(), EventHeaders.TYPE_ADJUSTMENT);
    write(out, SCHEMA_VERSION.json(), AdjustmentEvent.SCHEMA_VERSION);
    write(out, ADJUSTMENT_ID.json(), event.adjustmentId());
    write(out, KIND.json(), event.kind());
    writePosition(out, event.position());
    write(out, CORRELATION_ID.json(), event.correlationId());
    writeSubject(out, event.tenant(), event.clientId(), event.limitKey());
    EventAttributes.write(out, event.attributes());
    write(out, COST.json(), event.cost());
    EventSpending.write(out, event.settled());
    write(out, REFUND_ID.json(), event.refundId());
    write(out, DECIDED_AT_US.json(), event.decidedAtMicros());
    out.writeName(LIMITS.json());
    out.writeStartArray();
    for (AdjustmentEvent.Limit limit : event.limits()) {
      writeAdjusted(out, limit);
    }
    out.writeEndArray();
  }

  private static void writeAdjusted(JsonGenerator out, AdjustmentEvent.Limit limit) {
    out.writeStartObject();
    write(out, RULE.json(), limit.rule());
    write(out, RULE_ID.json(), limit.ruleId());
    write(out, RULE_TENANT.json(), limit.ruleTenant());
    write(out, RULE_LIMIT_KEY.json(), limit.ruleLimitKey());
    write(out, RULE_REVISION.json(), limit.ruleRevision());
    write(out, ALGORITHM.json(), limit.algorithm());
    write(out, LIMIT.json(), limit.limit());
    write(out, BURST.json(), limit.burst());
    write(out, WINDOW.json(), limit.windowSeconds());
    write(out, SHARED.json(), limit.shared());
    EventAttributes.write(out, limit.counter());
    write(out, AT_US.json(), limit.atMicros());
    write(out, REBASED.json(), limit.rebased());
    write(out, GIVEN_BACK.json(), limit.givenBack());
    EventSpending.write(out, limit);
    out.writeEndObject();
  }

  private static void writeLedger(JsonGenerator out, LedgerEvent event) {
    write(out, TYPE.json(), EventHeaders.TYPE_LEDGER);
    write(out, SCHEMA_VERSION.json(), LedgerEvent.SCHEMA_VERSION);
    write(out, INSTANCE.json(), event.instance());
    write(out, EPOCH.json(), event.epoch());
    write(out, PARTITION.json(), event.partition());
    write(out, ISSUED.json(), event.issued());
    write(out, ACKED.json(), event.acked());
    write(out, SPOOLED.json(), event.spooled());
    write(out, DROPPED.json(), event.dropped());
    write(out, SETTLED_SEQ.json(), event.settledSeq());
    write(out, SETTLED_DROPPED.json(), event.settledDropped());
    write(out, CLOSED.json(), event.closed());
    write(out, UNKNOWN_TAIL.json(), event.unknownTail());
    writeRegion(out, event.region());
    if (event.atMicros() != null) {
      write(out, AT_US.json(), event.atMicros());
    }
    if (event.begunMicros() != null) {
      write(out, BEGUN_US.json(), event.begunMicros());
    }
  }

  private static void writePosition(JsonGenerator out, SeriesPosition position) {
    write(out, INSTANCE.json(), position.instance());
    write(out, EPOCH.json(), position.epoch());
    write(out, PARTITION.json(), position.partition());
    write(out, SEQ.json(), position.seq());
    writeRegion(out, position.region());
  }

  private static void writeRegion(JsonGenerator out, @Nullable String region) {
    if (region != null) {
      write(out, REGION.json(), region);
    }
  }

  private static void writeSubject(
      JsonGenerator out, String tenant, String clientId, String limitKey) {
    write(out, TENANT.json(), tenant);
    write(out, CLIENT_ID.json(), clientId);
    write(out, LIMIT_KEY.json(), limitKey);
  }
}
