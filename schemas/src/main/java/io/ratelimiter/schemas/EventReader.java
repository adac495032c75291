package io.ratelimiter.schemas;

import io.ratelimiter.schemas.EventFields.Name;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.sym.PropertyNameMatcher;

/**
 * Reads what {@link EventWriter} writes, token by token. Unknown fields are ignored, so that a
 * later minor version can be read; a missing field, a wrong type or another {@code schema_version}
 * is an error. Thread-safe.
 */
public final class EventReader {

  private final JsonFactory json = new JsonFactory();
  private final PropertyNameMatcher names = Name.matcher(json);

  /**
   * Reads {@code decision.v1}.
   *
   * @throws UnreadableEventException when the bytes are not one
   */
  public DecisionEvent decision(byte @Nullable [] value) {
    EventFields fields = open(value, DecisionEvent.SCHEMA_VERSION);
    List<DecisionEvent.Limit> limits = new ArrayList<>();
    for (EventFields limit : fields.limits()) {
      limits.add(decisionLimit(limit));
    }
    return new DecisionEvent(
        fields.text(Name.DECISION_ID),
        position(fields),
        fields.text(Name.CORRELATION_ID),
        fields.text(Name.TENANT),
        fields.text(Name.CLIENT_ID),
        fields.text(Name.LIMIT_KEY),
        fields.number(Name.COST),
        fields.bool(Name.ALLOWED),
        fields.textOrNull(Name.REASON),
        fields.isNull(Name.RULE) ? null : top(fields),
        fields.numberOrNull(Name.RETRY_AFTER_MS),
        fields.text(Name.SOURCE),
        fields.bool(Name.DEGRADED),
        fields.textOrNull(Name.DEGRADED_REASON),
        fields.number(Name.DECIDED_AT_US),
        fields.number(Name.LATENCY_US),
        limits);
  }

  /**
   * Reads {@code adjustment.v1}.
   *
   * @throws UnreadableEventException when the bytes are not one
   */
  public AdjustmentEvent adjustment(byte @Nullable [] value) {
    EventFields fields = open(value, AdjustmentEvent.SCHEMA_VERSION);
    List<AdjustmentEvent.Limit> limits = new ArrayList<>();
    for (EventFields limit : fields.limits()) {
      limits.add(adjustedLimit(limit));
    }
    return new AdjustmentEvent(
        fields.text(Name.ADJUSTMENT_ID),
        fields.text(Name.KIND),
        position(fields),
        fields.text(Name.CORRELATION_ID),
        fields.text(Name.TENANT),
        fields.text(Name.CLIENT_ID),
        fields.text(Name.LIMIT_KEY),
        fields.number(Name.COST),
        fields.textOrNull(Name.REFUND_ID),
        fields.number(Name.DECIDED_AT_US),
        limits);
  }

  /**
   * Reads {@code ledger.v1}.
   *
   * @throws UnreadableEventException when the bytes are not one
   */
  public LedgerEvent ledger(byte @Nullable [] value) {
    EventFields fields = open(value, LedgerEvent.SCHEMA_VERSION);
    return new LedgerEvent(
        fields.text(Name.INSTANCE),
        fields.text(Name.EPOCH),
        fields.smallNumber(Name.PARTITION),
        fields.number(Name.ISSUED),
        fields.number(Name.ACKED),
        fields.number(Name.SPOOLED),
        fields.number(Name.DROPPED),
        fields.number(Name.SETTLED_SEQ),
        fields.number(Name.SETTLED_DROPPED),
        fields.bool(Name.CLOSED),
        fields.isNull(Name.UNKNOWN_TAIL) ? null : fields.bool(Name.UNKNOWN_TAIL));
  }

  private EventFields open(byte @Nullable [] value, int version) {
    if (value == null) {
      throw new UnreadableEventException("value is null");
    }
    try (JsonParser in = json.createParser(ObjectReadContext.empty(), value)) {
      if (in.nextToken() != JsonToken.START_OBJECT) {
        throw new UnreadableEventException("value is not a JSON object");
      }
      EventFields fields = EventFields.read(in, names);
      if (in.nextToken() != null) {
        throw new UnreadableEventException("value goes on after its object");
      }
      long found = fields.number(Name.SCHEMA_VERSION);
      if (found != version) {
        throw new UnreadableEventException("schema_version is " + found + ", known is " + version);
      }
      return fields;
    } catch (JacksonException e) {
      throw new UnreadableEventException("value is not JSON: " + e.getOriginalMessage(), e);
    }
  }

  private static SeriesPosition position(EventFields fields) {
    return new SeriesPosition(
        fields.text(Name.INSTANCE),
        fields.text(Name.EPOCH),
        fields.smallNumber(Name.PARTITION),
        fields.number(Name.SEQ));
  }

  private static DecisionEvent.Top top(EventFields fields) {
    return new DecisionEvent.Top(
        fields.number(Name.REMAINING),
        fields.number(Name.LIMIT),
        fields.number(Name.WINDOW_SECONDS),
        fields.isNull(Name.RESET_AT) ? null : fields.millis(Name.RESET_AT),
        fields.text(Name.ALGORITHM),
        fields.text(Name.RULE),
        fields.number(Name.RULE_ID),
        fields.number(Name.RULE_REVISION),
        fields.text(Name.MODE));
  }

  private static DecisionEvent.Limit decisionLimit(EventFields fields) {
    return new DecisionEvent.Limit(
        fields.text(Name.RULE),
        fields.number(Name.RULE_ID),
        fields.text(Name.RULE_TENANT),
        fields.text(Name.RULE_LIMIT_KEY),
        fields.number(Name.RULE_REVISION),
        fields.text(Name.ALGORITHM),
        fields.number(Name.LIMIT),
        fields.numberOrNull(Name.BURST),
        fields.number(Name.WINDOW),
        fields.text(Name.MODE),
        fields.bool(Name.SHARED),
        fields.isNull(Name.AT_US) ? null : verdict(fields));
  }

  private static DecisionEvent.Verdict verdict(EventFields fields) {
    return new DecisionEvent.Verdict(
        fields.number(Name.REMAINING),
        fields.millis(Name.RESET_AT),
        fields.bool(Name.ALLOWED),
        fields.number(Name.AT_US),
        fields.bool(Name.REBASED),
        fields.bool(Name.CHARGED));
  }

  private static AdjustmentEvent.Limit adjustedLimit(EventFields fields) {
    return new AdjustmentEvent.Limit(
        fields.text(Name.RULE),
        fields.number(Name.RULE_ID),
        fields.text(Name.RULE_TENANT),
        fields.text(Name.RULE_LIMIT_KEY),
        fields.number(Name.RULE_REVISION),
        fields.text(Name.ALGORITHM),
        fields.number(Name.LIMIT),
        fields.numberOrNull(Name.BURST),
        fields.number(Name.WINDOW),
        fields.bool(Name.SHARED),
        fields.number(Name.AT_US),
        fields.bool(Name.REBASED),
        fields.number(Name.GIVEN_BACK));
  }
}
