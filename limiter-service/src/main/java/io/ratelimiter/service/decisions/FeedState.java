package io.ratelimiter.service.decisions;

import java.util.Locale;

/** Whether a {@link DecisionFeed} has anything to show. */
public enum FeedState {
  /** No Kafka was configured: there is no topic to read. */
  NOT_CONFIGURED,
  /** It looks for Kafka, or has lost it. */
  CONNECTING,
  /** It reads what comes. */
  READING;

  /** The name in JSON. */
  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }
}
