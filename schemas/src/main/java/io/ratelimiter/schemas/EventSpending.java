package io.ratelimiter.schemas;

import io.ratelimiter.schemas.AdjustmentEvent.Settled;
import io.ratelimiter.schemas.DecisionEvent.Spending;
import io.ratelimiter.schemas.DecisionEvent.Terms;
import io.ratelimiter.schemas.json.JsonMembers;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

/** Reads and writes the fields of priorities, waiting and settlements, which plain events lack. */
final class EventSpending {

  private static final Set<String> PRIORITIES = Set.of("high", Spending.NORMAL, "low");

  private EventSpending() {}

  /** Writes no field with its default. */
  static void write(JsonGenerator out, Spending spending) {
    if (spending.equals(Spending.PLAIN)) {
      return;
    }
    if (!spending.priority().equals(Spending.NORMAL)) {
      JsonMembers.write(out, FieldName.PRIORITY.json(), spending.priority());
    }
    writeUnlessZero(out, FieldName.MAX_WAIT_MS, spending.maxWaitMillis());
    writeUnlessZero(out, FieldName.WAIT_US, spending.waitMicros());
    writeUnlessZero(out, FieldName.SETTLE_WITHIN_MS, spending.settleWithinMillis());
  }

  /** Writes no field with its default. */
  static void write(JsonGenerator out, Terms terms) {
    writeUnlessZero(out, FieldName.RESERVE, terms.reserve());
    writeUnlessZero(out, FieldName.MAX_WAIT_MS, terms.maxWaitMillis());
    writeUnlessZero(out, FieldName.OVERDRAFT, terms.overdraft());
  }

  /** Writes nothing for a refund or a reset. */
  static void write(JsonGenerator out, @Nullable Settled settled) {
    if (settled != null) {
      JsonMembers.write(out, FieldName.DECISION_ID.json(), settled.decisionId());
      JsonMembers.write(out, FieldName.ESTIMATE.json(), settled.estimate());
      writeUnlessZero(out, FieldName.UNCHARGED, settled.uncharged());
    }
  }

  /** Writes nothing for a limit of a refund or a reset. */
  static void write(JsonGenerator out, AdjustmentEvent.Limit limit) {
    writeUnlessZero(out, FieldName.TAKEN, limit.taken());
    writeUnlessZero(out, FieldName.UNCHARGED, limit.uncharged());
  }

  private static void writeUnlessZero(JsonGenerator out, FieldName name, long value) {
    if (value != 0) {
      JsonMembers.write(out, name.json(), value);
    }
  }

  static Spending spending(EventFields fields) {
    Spending found =
        new Spending(
            fields.isAbsent(FieldName.PRIORITY)
                ? Spending.NORMAL
                : fields.oneOf(FieldName.PRIORITY, PRIORITIES),
            fields.numberOrZero(FieldName.MAX_WAIT_MS, Bounds.MAX_WAIT_MILLIS),
            fields.numberOrZero(FieldName.WAIT_US, Bounds.MAX_WAIT_MICROS),
            fields.numberOrZero(FieldName.SETTLE_WITHIN_MS, Bounds.MAX_SETTLE_WITHIN_MILLIS));
    return found.equals(Spending.PLAIN) ? Spending.PLAIN : found;
  }

  static Terms terms(EventFields fields) {
    Terms found =
        new Terms(
            fields.numberOrZero(FieldName.RESERVE, Bounds.MAX_WHOLE),
            fields.numberOrZero(FieldName.MAX_WAIT_MS, Bounds.MAX_WAIT_MILLIS),
            fields.numberOrZero(FieldName.OVERDRAFT, Bounds.MAX_WHOLE));
    return found.equals(Terms.PLAIN) ? Terms.PLAIN : found;
  }

  /** Null for a refund or a reset, which must not have these fields. */
  static @Nullable Settled settled(EventFields fields, String kind) {
    if (kind.equals(AdjustmentEvent.SETTLE)) {
      return new Settled(
          fields.text(FieldName.DECISION_ID),
          fields.number(FieldName.ESTIMATE, 1, Bounds.MAX_COST),
          fields.numberOrZero(FieldName.UNCHARGED, Bounds.MAX_COST));
    }
    if (fields.isAbsent(FieldName.DECISION_ID)
        && fields.isAbsent(FieldName.ESTIMATE)
        && fields.isAbsent(FieldName.UNCHARGED)) {
      return null;
    }
    throw new UnreadableEventException(
        "decision_id, estimate or uncharged is present, but kind is " + kind);
  }
}
