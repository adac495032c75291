package io.ratelimiter.service.feed;

import java.util.Locale;

/** State of a {@link DecisionFeed}. */
public enum FeedState {
  /** No Kafka is configured. */
  NOT_CONFIGURED,
  /** Kafka is not connected. */
  CONNECTING,
  /** Decisions are read. */
  READING;

  /** The name in JSON. */
  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }
}
