package io.ratelimiter.schemas;

import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.sym.PropertyNameMatcher;
import tools.jackson.core.util.Named;

/** All names of fields in events and their nested objects. */
enum FieldName {
  SCHEMA_VERSION,
  DECISION_ID,
  ADJUSTMENT_ID,
  KIND,
  INSTANCE,
  EPOCH,
  PARTITION,
  SEQ,
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
  UNKNOWN_TAIL;

  static final FieldName[] ALL = values();

  String json() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Finds a name by its bytes, without allocating a string. */
  static PropertyNameMatcher matcher(JsonFactory json) {
    List<Named> names = Stream.of(ALL).map(name -> Named.fromString(name.json())).toList();
    return json.constructNameMatcher(names, false);
  }
}
