package io.ratelimiter.schemas;

import static io.ratelimiter.schemas.JsonMembers.write;
import static io.ratelimiter.schemas.JsonMembers.writeSeconds;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.io.SerializedString;

/**
 * Writes events as the JSON of their schema, straight to bytes, without reflection. Stateless but
 * for the factory's recycled buffers; safe for concurrent use.
 */
public final class EventWriter {

  private static final SerializedString ACKED = new SerializedString("acked");
  private static final SerializedString ADJUSTMENT_ID = new SerializedString("adjustment_id");
  private static final SerializedString ALGORITHM = new SerializedString("algorithm");
  private static final SerializedString ALLOWED = new SerializedString("allowed");
  private static final SerializedString AT_US = new SerializedString("at_us");
  private static final SerializedString BURST = new SerializedString("burst");
  private static final SerializedString CHARGED = new SerializedString("charged");
  private static final SerializedString CLIENT_ID = new SerializedString("client_id");
  private static final SerializedString CLOSED = new SerializedString("closed");
  private static final SerializedString CORRELATION_ID = new SerializedString("correlation_id");
  private static final SerializedString COST = new SerializedString("cost");
  private static final SerializedString DECIDED_AT_US = new SerializedString("decided_at_us");
  private static final SerializedString DECISION_ID = new SerializedString("decision_id");
  private static final SerializedString DEGRADED = new SerializedString("degraded");
  private static final SerializedString DEGRADED_REASON = new SerializedString("degraded_reason");
  private static final SerializedString DROPPED = new SerializedString("dropped");
  private static final SerializedString EPOCH = new SerializedString("epoch");
  private static final SerializedString GIVEN_BACK = new SerializedString("given_back");
  private static final SerializedString INSTANCE = new SerializedString("instance");
  private static final SerializedString ISSUED = new SerializedString("issued");
  private static final SerializedString KIND = new SerializedString("kind");
  private static final SerializedString LATENCY_US = new SerializedString("latency_us");
  private static final SerializedString LIMIT = new SerializedString("limit");
  private static final SerializedString LIMITS = new SerializedString("limits");
  private static final SerializedString LIMIT_KEY = new SerializedString("limit_key");
  private static final SerializedString MODE = new SerializedString("mode");
  private static final SerializedString PARTITION = new SerializedString("partition");
  private static final SerializedString REASON = new SerializedString("reason");
  private static final SerializedString REBASED = new SerializedString("rebased");
  private static final SerializedString REFUND_ID = new SerializedString("refund_id");
  private static final SerializedString REMAINING = new SerializedString("remaining");
  private static final SerializedString RESET_AT = new SerializedString("reset_at");
  private static final SerializedString RETRY_AFTER_MS = new SerializedString("retry_after_ms");
  private static final SerializedString RULE = new SerializedString("rule");
  private static final SerializedString RULE_ID = new SerializedString("rule_id");
  private static final SerializedString RULE_LIMIT_KEY = new SerializedString("rule_limit_key");
  private static final SerializedString RULE_REVISION = new SerializedString("rule_revision");
  private static final SerializedString RULE_TENANT = new SerializedString("rule_tenant");
  private static final SerializedString SCHEMA_VERSION = new SerializedString("schema_version");
  private static final SerializedString SEQ = new SerializedString("seq");
  private static final SerializedString SETTLED_DROPPED = new SerializedString("settled_dropped");
  private static final SerializedString SETTLED_SEQ = new SerializedString("settled_seq");
  private static final SerializedString SHARED = new SerializedString("shared");
  private static final SerializedString SOURCE = new SerializedString("source");
  private static final SerializedString SPOOLED = new SerializedString("spooled");
  private static final SerializedString TENANT = new SerializedString("tenant");
  private static final SerializedString UNKNOWN_TAIL = new SerializedString("unknown_tail");
  private static final SerializedString WINDOW = new SerializedString("window");
  private static final SerializedString WINDOW_SECONDS = new SerializedString("window_seconds");

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
    write(out, SCHEMA_VERSION, DecisionEvent.SCHEMA_VERSION);
    write(out, DECISION_ID, event.decisionId());
    writePosition(out, event.position());
    write(out, CORRELATION_ID, event.correlationId());
    writeSubject(out, event.tenant(), event.clientId(), event.limitKey());
    write(out, COST, event.cost());
    write(out, ALLOWED, event.allowed());
    write(out, REASON, event.reason());
    writeTop(out, event.top());
    write(out, RETRY_AFTER_MS, event.retryAfterMillis());
    write(out, SOURCE, event.source());
    write(out, DEGRADED, event.degraded());
    write(out, DEGRADED_REASON, event.degradedReason());
    write(out, DECIDED_AT_US, event.decidedAtMicros());
    write(out, LATENCY_US, event.latencyMicros());
    out.writeName(LIMITS);
    out.writeStartArray();
    for (DecisionEvent.Limit limit : event.limits()) {
      writeLimit(out, limit);
    }
    out.writeEndArray();
  }

  private static void writeTop(JsonGenerator out, DecisionEvent.@Nullable Top top) {
    write(out, REMAINING, top == null ? null : top.remaining());
    write(out, LIMIT, top == null ? null : top.limit());
    write(out, WINDOW_SECONDS, top == null ? null : top.windowSeconds());
    writeSeconds(out, RESET_AT, top == null ? null : top.resetAtMillis());
    write(out, ALGORITHM, top == null ? null : top.algorithm());
    write(out, RULE, top == null ? null : top.rule());
    write(out, RULE_ID, top == null ? null : top.ruleId());
    write(out, RULE_REVISION, top == null ? null : top.ruleRevision());
    write(out, MODE, top == null ? null : top.mode());
  }

  private static void writeLimit(JsonGenerator out, DecisionEvent.Limit limit) {
    DecisionEvent.Verdict verdict = limit.verdict();
    out.writeStartObject();
    write(out, RULE, limit.rule());
    write(out, RULE_ID, limit.ruleId());
    write(out, RULE_TENANT, limit.ruleTenant());
    write(out, RULE_LIMIT_KEY, limit.ruleLimitKey());
    write(out, RULE_REVISION, limit.ruleRevision());
    write(out, ALGORITHM, limit.algorithm());
    write(out, LIMIT, limit.limit());
    write(out, BURST, limit.burst());
    write(out, WINDOW, limit.windowSeconds());
    write(out, REMAINING, verdict == null ? null : verdict.remaining());
    writeSeconds(out, RESET_AT, verdict == null ? null : verdict.resetAtMillis());
    write(out, ALLOWED, verdict == null ? null : verdict.allowed());
    write(out, MODE, limit.mode());
    write(out, SHARED, limit.shared());
    write(out, AT_US, verdict == null ? null : verdict.atMicros());
    write(out, REBASED, verdict != null && verdict.rebased());
    write(out, CHARGED, verdict != null && verdict.charged());
    out.writeEndObject();
  }

  private static void writeAdjustment(JsonGenerator out, AdjustmentEvent event) {
    write(out, SCHEMA_VERSION, AdjustmentEvent.SCHEMA_VERSION);
    write(out, ADJUSTMENT_ID, event.adjustmentId());
    write(out, KIND, event.kind());
    writePosition(out, event.position());
    write(out, CORRELATION_ID, event.correlationId());
    writeSubject(out, event.tenant(), event.clientId(), event.limitKey());
    write(out, COST, event.cost());
    write(out, REFUND_ID, event.refundId());
    write(out, DECIDED_AT_US, event.decidedAtMicros());
    out.writeName(LIMITS);
    out.writeStartArray();
    for (AdjustmentEvent.Limit limit : event.limits()) {
      writeAdjusted(out, limit);
    }
    out.writeEndArray();
  }

  private static void writeAdjusted(JsonGenerator out, AdjustmentEvent.Limit limit) {
    out.writeStartObject();
    write(out, RULE, limit.rule());
    write(out, RULE_ID, limit.ruleId());
    write(out, RULE_TENANT, limit.ruleTenant());
    write(out, RULE_LIMIT_KEY, limit.ruleLimitKey());
    write(out, RULE_REVISION, limit.ruleRevision());
    write(out, ALGORITHM, limit.algorithm());
    write(out, LIMIT, limit.limit());
    write(out, BURST, limit.burst());
    write(out, WINDOW, limit.windowSeconds());
    write(out, SHARED, limit.shared());
    write(out, AT_US, limit.atMicros());
    write(out, REBASED, limit.rebased());
    write(out, GIVEN_BACK, limit.givenBack());
    out.writeEndObject();
  }

  private static void writeLedger(JsonGenerator out, LedgerEvent event) {
    write(out, SCHEMA_VERSION, LedgerEvent.SCHEMA_VERSION);
    write(out, INSTANCE, event.instance());
    write(out, EPOCH, event.epoch());
    write(out, PARTITION, event.partition());
    write(out, ISSUED, event.issued());
    write(out, ACKED, event.acked());
    write(out, SPOOLED, event.spooled());
    write(out, DROPPED, event.dropped());
    write(out, SETTLED_SEQ, event.settledSeq());
    write(out, SETTLED_DROPPED, event.settledDropped());
    write(out, CLOSED, event.closed());
    write(out, UNKNOWN_TAIL, event.unknownTail());
  }

  private static void writePosition(JsonGenerator out, SeriesPosition position) {
    write(out, INSTANCE, position.instance());
    write(out, EPOCH, position.epoch());
    write(out, PARTITION, position.partition());
    write(out, SEQ, position.seq());
  }

  private static void writeSubject(
      JsonGenerator out, String tenant, String clientId, String limitKey) {
    write(out, TENANT, tenant);
    write(out, CLIENT_ID, clientId);
    write(out, LIMIT_KEY, limitKey);
  }
}
