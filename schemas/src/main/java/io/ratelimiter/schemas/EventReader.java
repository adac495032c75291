package io.ratelimiter.schemas;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads what {@link EventWriter} writes. Unknown fields are ignored, so that a later minor version
 * can be read; a missing field, a wrong type or another {@code schema_version} is an error.
 * Thread-safe.
 */
public final class EventReader {

  private final JsonMapper mapper = new JsonMapper();

  /**
   * Reads {@code decision.v1}.
   *
   * @throws UnreadableEventException when the bytes are not one
   */
  public DecisionEvent decision(byte @Nullable [] value) {
    Fields fields = open(value, DecisionEvent.SCHEMA_VERSION);
    List<DecisionEvent.Limit> limits = new ArrayList<>();
    for (JsonNode limit : fields.array("limits")) {
      limits.add(decisionLimit(new Fields(limit)));
    }
    return new DecisionEvent(
        fields.text("decision_id"),
        position(fields),
        fields.text("correlation_id"),
        fields.text("tenant"),
        fields.text("client_id"),
        fields.text("limit_key"),
        fields.number("cost"),
        fields.bool("allowed"),
        fields.textOrNull("reason"),
        fields.isNull("rule") ? null : top(fields),
        fields.numberOrNull("retry_after_ms"),
        fields.text("source"),
        fields.bool("degraded"),
        fields.textOrNull("degraded_reason"),
        fields.number("decided_at_us"),
        fields.number("latency_us"),
        limits);
  }

  /**
   * Reads {@code adjustment.v1}.
   *
   * @throws UnreadableEventException when the bytes are not one
   */
  public AdjustmentEvent adjustment(byte @Nullable [] value) {
    Fields fields = open(value, AdjustmentEvent.SCHEMA_VERSION);
    List<AdjustmentEvent.Limit> limits = new ArrayList<>();
    for (JsonNode limit : fields.array("limits")) {
      limits.add(adjustedLimit(new Fields(limit)));
    }
    return new AdjustmentEvent(
        fields.text("adjustment_id"),
        fields.text("kind"),
        position(fields),
        fields.text("correlation_id"),
        fields.text("tenant"),
        fields.text("client_id"),
        fields.text("limit_key"),
        fields.number("cost"),
        fields.textOrNull("refund_id"),
        fields.number("decided_at_us"),
        limits);
  }

  /**
   * Reads {@code ledger.v1}.
   *
   * @throws UnreadableEventException when the bytes are not one
   */
  public LedgerEvent ledger(byte @Nullable [] value) {
    Fields fields = open(value, LedgerEvent.SCHEMA_VERSION);
    return new LedgerEvent(
        fields.text("instance"),
        fields.text("epoch"),
        Math.toIntExact(fields.number("partition")),
        fields.number("issued"),
        fields.number("acked"),
        fields.number("spooled"),
        fields.number("dropped"),
        fields.number("settled_seq"),
        fields.number("settled_dropped"),
        fields.bool("closed"),
        fields.isNull("unknown_tail") ? null : fields.bool("unknown_tail"));
  }

  private Fields open(byte @Nullable [] value, int version) {
    if (value == null) {
      throw new UnreadableEventException("value is null");
    }
    JsonNode node;
    try {
      node = mapper.readTree(value);
    } catch (JacksonException e) {
      throw new UnreadableEventException("value is not JSON: " + e.getOriginalMessage(), e);
    }
    if (!node.isObject()) {
      throw new UnreadableEventException("value is not a JSON object");
    }
    Fields fields = new Fields(node);
    long found = fields.number("schema_version");
    if (found != version) {
      throw new UnreadableEventException("schema_version is " + found + ", known is " + version);
    }
    return fields;
  }

  private static SeriesPosition position(Fields fields) {
    return new SeriesPosition(
        fields.text("instance"),
        fields.text("epoch"),
        Math.toIntExact(fields.number("partition")),
        fields.number("seq"));
  }

  private static DecisionEvent.Top top(Fields fields) {
    return new DecisionEvent.Top(
        fields.number("remaining"),
        fields.number("limit"),
        fields.number("window_seconds"),
        fields.isNull("reset_at") ? null : fields.millis("reset_at"),
        fields.text("algorithm"),
        fields.text("rule"),
        fields.number("rule_id"),
        fields.number("rule_revision"),
        fields.text("mode"));
  }

  private static DecisionEvent.Limit decisionLimit(Fields fields) {
    return new DecisionEvent.Limit(
        fields.text("rule"),
        fields.number("rule_id"),
        fields.text("rule_tenant"),
        fields.text("rule_limit_key"),
        fields.number("rule_revision"),
        fields.text("algorithm"),
        fields.number("limit"),
        fields.numberOrNull("burst"),
        fields.number("window"),
        fields.text("mode"),
        fields.bool("shared"),
        fields.isNull("at_us") ? null : verdict(fields));
  }

  private static DecisionEvent.Verdict verdict(Fields fields) {
    return new DecisionEvent.Verdict(
        fields.number("remaining"),
        fields.millis("reset_at"),
        fields.bool("allowed"),
        fields.number("at_us"),
        fields.bool("rebased"),
        fields.bool("charged"));
  }

  private static AdjustmentEvent.Limit adjustedLimit(Fields fields) {
    return new AdjustmentEvent.Limit(
        fields.text("rule"),
        fields.number("rule_id"),
        fields.text("rule_tenant"),
        fields.text("rule_limit_key"),
        fields.number("rule_revision"),
        fields.text("algorithm"),
        fields.number("limit"),
        fields.numberOrNull("burst"),
        fields.number("window"),
        fields.bool("shared"),
        fields.number("at_us"),
        fields.bool("rebased"),
        fields.number("given_back"));
  }

  /** The fields of one object, each read as what it must be. */
  private record Fields(JsonNode node) {

    Fields {
      if (!node.isObject()) {
        throw new UnreadableEventException("limits holds something that is not an object");
      }
    }

    boolean isNull(String name) {
      return required(name).isNull();
    }

    String text(String name) {
      JsonNode value = required(name);
      if (!value.isString()) {
        throw wrong(name, "a string");
      }
      return value.stringValue();
    }

    @Nullable String textOrNull(String name) {
      return isNull(name) ? null : text(name);
    }

    long number(String name) {
      JsonNode value = required(name);
      if (!value.isIntegralNumber() || !value.canConvertToLong()) {
        throw wrong(name, "a whole number");
      }
      return value.longValue();
    }

    @Nullable Long numberOrNull(String name) {
      return isNull(name) ? null : number(name);
    }

    long millis(String name) {
      JsonNode value = required(name);
      if (!value.isNumber()) {
        throw wrong(name, "a number of seconds");
      }
      try {
        return value.decimalValue().multiply(BigDecimal.valueOf(1000)).longValueExact();
      } catch (ArithmeticException e) {
        throw new UnreadableEventException(name + " is not in whole milliseconds", e);
      }
    }

    boolean bool(String name) {
      JsonNode value = required(name);
      if (!value.isBoolean()) {
        throw wrong(name, "true or false");
      }
      return value.booleanValue();
    }

    JsonNode array(String name) {
      JsonNode value = required(name);
      if (!value.isArray()) {
        throw wrong(name, "an array");
      }
      return value;
    }

    private JsonNode required(String name) {
      JsonNode value = node.get(name);
      if (value == null) {
        throw new UnreadableEventException(name + " is missing");
      }
      return value;
    }

    private static UnreadableEventException wrong(String name, String expected) {
      return new UnreadableEventException(name + " is not " + expected);
    }
  }
}
