package io.ratelimiter.service.api.codec;

import io.ratelimiter.service.api.http.ProblemException;
import io.ratelimiter.service.limiter.CheckOptions;
import io.ratelimiter.service.rules.Priority;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/** Reads the fields of a check that say how its cost may be spent. */
final class SpendingFields {

  private static final String MAX_WAIT = "max_wait_ms";
  private static final String SETTLE_WITHIN = "settle_within_ms";

  private @Nullable Priority priority;
  private long maxWaitMillis = FieldValues.NO_NUMBER;
  private long settleWithinMillis = FieldValues.NO_NUMBER;
  private @Nullable Boolean hold;

  /** Whether a field of this name is read here. */
  static boolean has(String name) {
    return switch (name) {
      case "priority", MAX_WAIT, SETTLE_WITHIN, "hold" -> true;
      default -> false;
    };
  }

  /**
   * Reads the value of a field of which {@link #has} is true.
   *
   * @throws ProblemException 400, with a detail that begins with the field's name
   */
  void take(String name, JsonParser parser) {
    switch (name) {
      case "priority" -> takePriority(name, parser);
      case MAX_WAIT -> takeMaxWait(parser);
      case SETTLE_WITHIN -> takeSettleWithin(parser);
      default -> takeHold(name, parser);
    }
  }

  private void takePriority(String name, JsonParser parser) {
    FieldValues.refuseSecond(name, priority != null);
    boolean text = parser.currentToken() == JsonToken.VALUE_STRING;
    priority = FieldGrammar.priority(name, text ? parser.getString() : "");
  }

  private void takeMaxWait(JsonParser parser) {
    FieldValues.refuseSecond(MAX_WAIT, maxWaitMillis != FieldValues.NO_NUMBER);
    maxWaitMillis = FieldGrammar.maxWait(MAX_WAIT, FieldValues.wholeNumber(parser));
  }

  private void takeSettleWithin(JsonParser parser) {
    FieldValues.refuseSecond(SETTLE_WITHIN, settleWithinMillis != FieldValues.NO_NUMBER);
    settleWithinMillis = FieldGrammar.settleWithin(SETTLE_WITHIN, FieldValues.wholeNumber(parser));
  }

  private void takeHold(String name, JsonParser parser) {
    FieldValues.refuseSecond(name, hold != null);
    hold =
        switch (parser.currentToken()) {
          case VALUE_TRUE -> true;
          case VALUE_FALSE -> false;
          default -> throw ProblemException.invalid(name + " must be true or false");
        };
  }

  /** Whether the answer is to be held until the caller may start. */
  boolean hold() {
    return Boolean.TRUE.equals(hold);
  }

  /**
   * The options of a check of this cost.
   *
   * @throws ProblemException 400, when a check of cost 0 has a max wait or is to be settled
   */
  CheckOptions options(long cost) {
    long wait = Math.max(0, maxWaitMillis);
    long settle = Math.max(0, settleWithinMillis);
    if (cost == 0 && wait > 0) {
      throw takesNothing(MAX_WAIT);
    }
    if (cost == 0 && settle > 0) {
      throw takesNothing(SETTLE_WITHIN);
    }
    return new CheckOptions(priority == null ? Priority.NORMAL : priority, wait, settle, null);
  }

  private static ProblemException takesNothing(String field) {
    return ProblemException.invalid(field + " must be 0 where cost is 0, which takes nothing");
  }
}
