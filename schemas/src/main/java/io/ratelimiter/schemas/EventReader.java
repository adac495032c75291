package io.ratelimiter.schemas;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.sym.PropertyNameMatcher;

/**
 * Reads what {@link EventWriter} writes, token by token. Unknown fields are ignored, so that a
 * later minor version can be read; a missing field, a wrong type, a value outside the {@link
 * Bounds} and the schema, another {@code schema_version} or another {@code type} is an error.
 * Earlier records have no {@code type}. Thread-safe.
 */
public final class EventReader {

  private static final List<FieldName> TOP_FIELDS =
      List.of(
          FieldName.REMAINING,
          FieldName.LIMIT,
          FieldName.WINDOW_SECONDS,
          FieldName.RESET_AT,
          FieldName.ALGORITHM,
          FieldName.RULE_ID,
          FieldName.RULE_REVISION,
          FieldName.MODE);

  private static final List<FieldName> VERDICT_FIELDS =
      List.of(FieldName.REMAINING, FieldName.RESET_AT, FieldName.ALLOWED);

  private final JsonFactory json = new JsonFactory();
  private final PropertyNameMatcher names = FieldName.matcher(json);

  /**
   * Reads {@code decision.v1}.
   *
   * @throws UnreadableEventException when the bytes are not such an event
   */
  public DecisionEvent decision(byte @Nullable [] value) {
    EventFields fields = open(value, EventHeaders.TYPE_DECISION, DecisionEvent.SCHEMA_VERSION);
    return EventConsistency.checked(
        new DecisionEvent(
            fields.text(FieldName.DECISION_ID),
            position(fields),
            fields.correlationId(),
            fields.tenant(FieldName.TENANT),
            fields.identifier(FieldName.CLIENT_ID),
            fields.identifier(FieldName.LIMIT_KEY),
            EventAttributes.attributes(fields),
            fields.number(FieldName.COST, 1, Bounds.MAX_COST),
            fields.bool(FieldName.ALLOWED),
            fields.oneOfOrNull(FieldName.REASON, EventConsistency.REASONS),
            fields.isNull(FieldName.RULE) ? noTop(fields) : top(fields),
            fields.numberOrNull(FieldName.RETRY_AFTER_MS, 0),
            fields.oneOf(FieldName.SOURCE, EventConsistency.SOURCES),
            fields.bool(FieldName.DEGRADED),
            fields.oneOfOrNull(FieldName.DEGRADED_REASON, EventConsistency.DEGRADED_REASONS),
            fields.number(FieldName.DECIDED_AT_US),
            fields.number(FieldName.LATENCY_US, 0, Bounds.MAX_LATENCY_MICROS),
            limits(fields, EventReader::decisionLimit),
            EventSpending.spending(fields)));
  }

  /**
   * Reads {@code adjustment.v1}.
   *
   * @throws UnreadableEventException when the bytes are not such an event
   */
  public AdjustmentEvent adjustment(byte @Nullable [] value) {
    EventFields fields = open(value, EventHeaders.TYPE_ADJUSTMENT, AdjustmentEvent.SCHEMA_VERSION);
    String kind = fields.oneOf(FieldName.KIND, EventConsistency.KINDS);
    return EventConsistency.checked(
        new AdjustmentEvent(
            fields.text(FieldName.ADJUSTMENT_ID),
            kind,
            position(fields),
            fields.correlationId(),
            fields.tenant(FieldName.TENANT),
            fields.identifier(FieldName.CLIENT_ID),
            fields.identifier(FieldName.LIMIT_KEY),
            EventAttributes.attributes(fields),
            fields.number(FieldName.COST, 0, Bounds.MAX_COST),
            fields.textOrNull(FieldName.REFUND_ID),
            fields.number(FieldName.DECIDED_AT_US),
            limits(fields, EventReader::adjustedLimit),
            EventSpending.settled(fields, kind)));
  }

  /**
   * Reads {@code ledger.v1}.
   *
   * @throws UnreadableEventException when the bytes are not such an event
   */
  public LedgerEvent ledger(byte @Nullable [] value) {
    EventFields fields = open(value, EventHeaders.TYPE_LEDGER, LedgerEvent.SCHEMA_VERSION);
    return EventConsistency.checked(
        new LedgerEvent(
            fields.text(FieldName.INSTANCE),
            fields.text(FieldName.EPOCH),
            fields.partition(),
            fields.number(FieldName.ISSUED),
            fields.number(FieldName.ACKED),
            fields.number(FieldName.SPOOLED),
            fields.number(FieldName.DROPPED),
            fields.number(FieldName.SETTLED_SEQ),
            fields.number(FieldName.SETTLED_DROPPED),
            fields.bool(FieldName.CLOSED),
            fields.boolOrNull(FieldName.UNKNOWN_TAIL),
            fields.region(),
            fields.numberIfPresent(FieldName.AT_US),
            fields.numberIfPresent(FieldName.BEGUN_US)));
  }

  private EventFields open(byte @Nullable [] value, String type, int version) {
    if (value == null) {
      throw new UnreadableEventException("value is null");
    }
    try (JsonParser in = json.createParser(ObjectReadContext.empty(), value)) {
      if (in.nextToken() != JsonToken.START_OBJECT) {
        throw new UnreadableEventException("value is not a JSON object");
      }
      EventFields fields = EventFields.read(in, names);
      if (in.nextToken() != null) {
        throw new UnreadableEventException("value continues after its object");
      }
      fields.requireType(type);
      long found = fields.number(FieldName.SCHEMA_VERSION);
      if (found != version) {
        throw new UnreadableEventException("schema_version is " + found + ", known is " + version);
      }
      return fields;
    } catch (JacksonException e) {
      throw new UnreadableEventException("value is not JSON: " + e.getOriginalMessage(), e);
    }
  }

  private static <L> List<L> limits(EventFields fields, Function<EventFields, L> limit) {
    List<L> limits = new ArrayList<>(2);
    for (EventFields one : fields.limits()) {
      try {
        limits.add(limit.apply(one));
      } catch (UnreadableEventException e) {
        throw new UnreadableEventException("limits[" + limits.size() + "]: " + e.getMessage(), e);
      }
    }
    return limits;
  }

  private static SeriesPosition position(EventFields fields) {
    return new SeriesPosition(
        fields.text(FieldName.INSTANCE),
        fields.text(FieldName.EPOCH),
        fields.partition(),
        fields.number(FieldName.SEQ, 1, Bounds.MAX_WHOLE),
        fields.region());
  }

  private static DecisionEvent.@Nullable Top noTop(EventFields fields) {
    fields.requireNull(TOP_FIELDS, "without a rule");
    return null;
  }

  private static DecisionEvent.Top top(EventFields fields) {
    return new DecisionEvent.Top(
        fields.number(FieldName.REMAINING),
        fields.number(FieldName.LIMIT),
        fields.number(FieldName.WINDOW_SECONDS, 1, Bounds.MAX_WHOLE),
        fields.millisOrNull(FieldName.RESET_AT),
        fields.oneOf(FieldName.ALGORITHM, EventConsistency.ALGORITHMS),
        fields.text(FieldName.RULE, Bounds.MAX_RULE_BYTES),
        fields.number(FieldName.RULE_ID),
        fields.number(FieldName.RULE_REVISION),
        fields.oneOf(FieldName.MODE, EventConsistency.TOP_MODES));
  }

  private static DecisionEvent.Limit decisionLimit(EventFields fields) {
    return EventConsistency.checked(
        new DecisionEvent.Limit(
            fields.text(FieldName.RULE, Bounds.MAX_RULE_BYTES),
            fields.number(FieldName.RULE_ID),
            fields.tenant(FieldName.RULE_TENANT),
            fields.text(FieldName.RULE_LIMIT_KEY),
            fields.number(FieldName.RULE_REVISION),
            fields.oneOf(FieldName.ALGORITHM, EventConsistency.ALGORITHMS),
            fields.number(FieldName.LIMIT),
            fields.numberOrNull(FieldName.BURST, 1),
            fields.number(FieldName.WINDOW, 1, Bounds.MAX_WHOLE),
            fields.oneOf(FieldName.MODE, EventConsistency.MODES),
            fields.bool(FieldName.SHARED),
            EventAttributes.counter(fields),
            fields.isNull(FieldName.AT_US) ? noVerdict(fields) : verdict(fields),
            EventSpending.terms(fields)));
  }

  private static DecisionEvent.@Nullable Verdict noVerdict(EventFields fields) {
    fields.requireNull(VERDICT_FIELDS, "without a verdict");
    if (fields.bool(FieldName.CHARGED) || fields.bool(FieldName.REBASED)) {
      throw new UnreadableEventException("charged or rebased is true without a verdict");
    }
    return null;
  }

  private static DecisionEvent.Verdict verdict(EventFields fields) {
    return new DecisionEvent.Verdict(
        fields.number(FieldName.REMAINING),
        fields.millis(FieldName.RESET_AT),
        fields.bool(FieldName.ALLOWED),
        fields.number(FieldName.AT_US),
        fields.bool(FieldName.REBASED),
        fields.bool(FieldName.CHARGED));
  }

  private static AdjustmentEvent.Limit adjustedLimit(EventFields fields) {
    return EventConsistency.checked(
        new AdjustmentEvent.Limit(
            fields.text(FieldName.RULE, Bounds.MAX_RULE_BYTES),
            fields.number(FieldName.RULE_ID),
            fields.tenant(FieldName.RULE_TENANT),
            fields.text(FieldName.RULE_LIMIT_KEY),
            fields.number(FieldName.RULE_REVISION),
            fields.oneOf(FieldName.ALGORITHM, EventConsistency.ALGORITHMS),
            fields.number(FieldName.LIMIT, 1, Bounds.MAX_WHOLE),
            fields.numberOrNull(FieldName.BURST, 1),
            fields.number(FieldName.WINDOW, 1, Bounds.MAX_WHOLE),
            fields.bool(FieldName.SHARED),
            EventAttributes.counter(fields),
            fields.number(FieldName.AT_US),
            fields.bool(FieldName.REBASED),
            fields.number(FieldName.GIVEN_BACK),
            fields.numberOrZero(FieldName.TAKEN, Bounds.MAX_COST),
            fields.numberOrZero(FieldName.UNCHARGED, Bounds.MAX_COST)));
  }
}
