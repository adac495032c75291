package io.ratelimiter.schemas;

import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import tools.jackson.core.io.SerializedString;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.sym.PropertyNameMatcher;
import tools.jackson.core.util.Named;

/** The names of all fields of events and their nested objects. */
enum FieldName {
  TYPE,
  SCHEMA_VERSION,
  DECISION_ID,
  ADJUSTMENT_ID,
  KIND,
  INSTANCE,
  EPOCH,
  PARTITION,
  SEQ,
  REGION,
  CORRELATION_ID,
  TENANT,
  CLIENT_ID,
  LIMIT_KEY,
  COST,
  ALLOWED,
  REASON,
  REMAINING,
  LIMIT,
  WINDOW_SECONDS,
  WINDOW,
  BURST,
  RESET_AT,
  RETRY_AFTER_MS,
  ALGORITHM,
  RULE,
  RULE_ID,
  RULE_TENANT,
  RULE_LIMIT_KEY,
  RULE_REVISION,
  MODE,
  SHARED,
  AT_US,
  REBASED,
  CHARGED,
  GIVEN_BACK,
  REFUND_ID,
  SOURCE,
  DEGRADED,
  DEGRADED_REASON,
  DECIDED_AT_US,
  LATENCY_US,
  LIMITS,
  ISSUED,
  ACKED,
  SPOOLED,
  DROPPED,
  SETTLED_SEQ,
  SETTLED_DROPPED,
  CLOSED,
  UNKNOWN_TAIL,
  BEGUN_US,
  ATTRIBUTES,
  BY,
  COUNTER,
  PRIORITY,
  MAX_WAIT_MS,
  WAIT_US,
  SETTLE_WITHIN_MS,
  RESERVE,
  OVERDRAFT,
  ESTIMATE,
  TAKEN,
  UNCHARGED;

  static final FieldName[] ALL = values();

  @SuppressWarnings("ImmutableEnumChecker") // It only caches encoded forms of one text.
  private final SerializedString json = new SerializedString(name().toLowerCase(Locale.ROOT));

  /** The name in JSON, with its encoded form. */
  SerializedString json() {
    return json;
  }

  /** A matcher of names by their bytes, which allocates no string. */
  static PropertyNameMatcher matcher(JsonFactory json) {
    List<Named> names =
        Stream.of(ALL).map(name -> Named.fromString(name.json().getValue())).toList();
    return json.constructNameMatcher(names, false);
  }
}
