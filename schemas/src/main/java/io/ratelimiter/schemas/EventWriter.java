package io.ratelimiter.schemas;

import java.io.ByteArrayOutputStream;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonEncoding;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/**
 * Writes events as the JSON of their schema, straight to bytes, without reflection. Stateless but
 * for the factory's recycled buffers; safe for concurrent use.
 */
public final class EventWriter {

  /** A decision with one limit is about 900 bytes. */
  private static final int TYPICAL_BYTES = 1024;

  private final JsonFactory json = new JsonFactory();

  /** The event as {@code decision.v1}. */
  public byte[] decision(DecisionEvent event) {
    return bytes(out -> writeDecision(out, event));
  }

  /** The event as {@code adjustment.v1}. */
  public byte[] adjustment(AdjustmentEvent event) {
    return bytes(out -> writeAdjustment(out, event));
  }

  /** The event as {@code ledger.v1}. */
  public byte[] ledger(LedgerEvent event) {
    return bytes(out -> writeLedger(out, event));
  }

  private interface Body {
    void write(JsonGenerator out);
  }

  private byte[] bytes(Body body) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(TYPICAL_BYTES);
    try (JsonGenerator out =
        json.createGenerator(ObjectWriteContext.empty(), bytes, JsonEncoding.UTF8)) {
      out.writeStartObject();
      body.write(out);
      out.writeEndObject();
    }
    return bytes.toByteArray();
  }

  private static void writeDecision(JsonGenerator out, DecisionEvent event) {
    out.writeNumberProperty("schema_version", DecisionEvent.SCHEMA_VERSION);
    out.writeStringProperty("decision_id", event.decisionId());
    writePosition(out, event.position());
    out.writeStringProperty("correlation_id", event.correlationId());
    writeSubject(out, event.tenant(), event.clientId(), event.limitKey());
    out.writeNumberProperty("cost", event.cost());
    out.writeBooleanProperty("allowed", event.allowed());
    writeNullable(out, "reason", event.reason());
    writeTop(out, event.top());
    writeNullable(out, "retry_after_ms", event.retryAfterMillis());
    out.writeStringProperty("source", event.source());
    out.writeBooleanProperty("degraded", event.degraded());
    writeNullable(out, "degraded_reason", event.degradedReason());
    out.writeNumberProperty("decided_at_us", event.decidedAtMicros());
    out.writeNumberProperty("latency_us", event.latencyMicros());
    out.writeArrayPropertyStart("limits");
    for (DecisionEvent.Limit limit : event.limits()) {
      writeLimit(out, limit);
    }
    out.writeEndArray();
  }

  private static void writeTop(JsonGenerator out, DecisionEvent.@Nullable Top top) {
    writeNullable(out, "remaining", top == null ? null : top.remaining());
    writeNullable(out, "limit", top == null ? null : top.limit());
    writeNullable(out, "window_seconds", top == null ? null : top.windowSeconds());
    writeSeconds(out, "reset_at", top == null ? null : top.resetAtMillis());
    writeNullable(out, "algorithm", top == null ? null : top.algorithm());
    writeNullable(out, "rule", top == null ? null : top.rule());
    writeNullable(out, "rule_id", top == null ? null : top.ruleId());
    writeNullable(out, "rule_revision", top == null ? null : top.ruleRevision());
    writeNullable(out, "mode", top == null ? null : top.mode());
  }

  private static void writeLimit(JsonGenerator out, DecisionEvent.Limit limit) {
    DecisionEvent.Verdict verdict = limit.verdict();
    out.writeStartObject();
    out.writeStringProperty("rule", limit.rule());
    out.writeNumberProperty("rule_id", limit.ruleId());
    out.writeStringProperty("rule_tenant", limit.ruleTenant());
    out.writeStringProperty("rule_limit_key", limit.ruleLimitKey());
    out.writeNumberProperty("rule_revision", limit.ruleRevision());
    out.writeStringProperty("algorithm", limit.algorithm());
    out.writeNumberProperty("limit", limit.limit());
    writeNullable(out, "burst", limit.burst());
    out.writeNumberProperty("window", limit.windowSeconds());
    writeNullable(out, "remaining", verdict == null ? null : verdict.remaining());
    writeSeconds(out, "reset_at", verdict == null ? null : verdict.resetAtMillis());
    writeNullable(out, "allowed", verdict == null ? null : verdict.allowed());
    out.writeStringProperty("mode", limit.mode());
    out.writeBooleanProperty("shared", limit.shared());
    writeNullable(out, "at_us", verdict == null ? null : verdict.atMicros());
    out.writeBooleanProperty("rebased", verdict != null && verdict.rebased());
    out.writeBooleanProperty("charged", verdict != null && verdict.charged());
    out.writeEndObject();
  }

  private static void writeAdjustment(JsonGenerator out, AdjustmentEvent event) {
    out.writeNumberProperty("schema_version", AdjustmentEvent.SCHEMA_VERSION);
    out.writeStringProperty("adjustment_id", event.adjustmentId());
    out.writeStringProperty("kind", event.kind());
    writePosition(out, event.position());
    out.writeStringProperty("correlation_id", event.correlationId());
    writeSubject(out, event.tenant(), event.clientId(), event.limitKey());
    out.writeNumberProperty("cost", event.cost());
    writeNullable(out, "refund_id", event.refundId());
    out.writeNumberProperty("decided_at_us", event.decidedAtMicros());
    out.writeArrayPropertyStart("limits");
    for (AdjustmentEvent.Limit limit : event.limits()) {
      writeAdjusted(out, limit);
    }
    out.writeEndArray();
  }

  private static void writeAdjusted(JsonGenerator out, AdjustmentEvent.Limit limit) {
    out.writeStartObject();
    out.writeStringProperty("rule", limit.rule());
    out.writeNumberProperty("rule_id", limit.ruleId());
    out.writeStringProperty("rule_tenant", limit.ruleTenant());
    out.writeStringProperty("rule_limit_key", limit.ruleLimitKey());
    out.writeNumberProperty("rule_revision", limit.ruleRevision());
    out.writeStringProperty("algorithm", limit.algorithm());
    out.writeNumberProperty("limit", limit.limit());
    writeNullable(out, "burst", limit.burst());
    out.writeNumberProperty("window", limit.windowSeconds());
    out.writeBooleanProperty("shared", limit.shared());
    out.writeNumberProperty("at_us", limit.atMicros());
    out.writeBooleanProperty("rebased", limit.rebased());
    out.writeNumberProperty("given_back", limit.givenBack());
    out.writeEndObject();
  }

  private static void writeLedger(JsonGenerator out, LedgerEvent event) {
    out.writeNumberProperty("schema_version", LedgerEvent.SCHEMA_VERSION);
    out.writeStringProperty("instance", event.instance());
    out.writeStringProperty("epoch", event.epoch());
    out.writeNumberProperty("partition", event.partition());
    out.writeNumberProperty("issued", event.issued());
    out.writeNumberProperty("acked", event.acked());
    out.writeNumberProperty("spooled", event.spooled());
    out.writeNumberProperty("dropped", event.dropped());
    out.writeNumberProperty("settled_seq", event.settledSeq());
    out.writeNumberProperty("settled_dropped", event.settledDropped());
    out.writeBooleanProperty("closed", event.closed());
    writeNullable(out, "unknown_tail", event.unknownTail());
  }

  private static void writePosition(JsonGenerator out, SeriesPosition position) {
    out.writeStringProperty("instance", position.instance());
    out.writeStringProperty("epoch", position.epoch());
    out.writeNumberProperty("partition", position.partition());
    out.writeNumberProperty("seq", position.seq());
  }

  private static void writeSubject(
      JsonGenerator out, String tenant, String clientId, String limitKey) {
    out.writeStringProperty("tenant", tenant);
    out.writeStringProperty("client_id", clientId);
    out.writeStringProperty("limit_key", limitKey);
  }

  private static void writeSeconds(JsonGenerator out, String name, @Nullable Long millis) {
    out.writeName(name);
    if (millis == null) {
      out.writeNull();
    } else {
      out.writeNumber(BigDecimal.valueOf(millis, 3));
    }
  }

  private static void writeNullable(JsonGenerator out, String name, @Nullable String value) {
    out.writeName(name);
    if (value == null) {
      out.writeNull();
    } else {
      out.writeString(value);
    }
  }

  private static void writeNullable(JsonGenerator out, String name, @Nullable Long value) {
    out.writeName(name);
    if (value == null) {
      out.writeNull();
    } else {
      out.writeNumber(value.longValue());
    }
  }

  private static void writeNullable(JsonGenerator out, String name, @Nullable Boolean value) {
    out.writeName(name);
    if (value == null) {
      out.writeNull();
    } else {
      out.writeBoolean(value);
    }
  }
}
