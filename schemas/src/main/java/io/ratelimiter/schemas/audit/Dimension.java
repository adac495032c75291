package io.ratelimiter.schemas.audit;

import java.util.Locale;

/** A text of a row's key. */
public enum Dimension {
  REGION,
  TENANT,
  CLIENT_ID,
  LIMIT_KEY,
  RULE,
  ALGORITHM,
  INSTANCE,
  SOURCE,
  DEGRADED_REASON;

  private final String wireName = name().toLowerCase(Locale.ROOT);

  /** The name of its field on the topic, and of its column. */
  public String wireName() {
    return wireName;
  }

  /** Whether a value without its field is valid, and means the empty text. */
  boolean isOptional() {
    return this == REGION;
  }
}
