package io.ratelimiter.schemas.audit;

import io.ratelimiter.schemas.Bounds;
import java.util.Locale;

/**
 * A figure of a row. Its name on the topic is {@link #wireName}; a time is in microseconds there,
 * and a {@code timestamptz} named {@code …_at} in SQL.
 */
public enum Figure {
  ALLOWED_COUNT(Presence.REQUIRED, Merge.SUM),
  BLOCKED_COUNT(Presence.REQUIRED, Merge.SUM),
  ERROR_COUNT(Presence.REQUIRED, Merge.SUM),
  DEGRADED_COUNT(Presence.REQUIRED, Merge.SUM),
  LATE_COUNT(Presence.REQUIRED, Merge.SUM),
  SHADOW_CHECKED_COUNT(Presence.REQUIRED, Merge.SUM),
  SHADOW_BLOCKED_COUNT(Presence.REQUIRED, Merge.SUM),
  COST_ALLOWED(Presence.REQUIRED, Merge.SUM),
  COST_BLOCKED(Presence.REQUIRED, Merge.SUM),
  LATENCY_SUM_US(Presence.REQUIRED, Merge.SUM),
  LATENCY_MAX_US(Presence.REQUIRED, Merge.MAX),
  FIRST_EVENT_US(Presence.REQUIRED, Merge.MIN),
  LAST_EVENT_US(Presence.REQUIRED, Merge.MAX),
  TOO_COSTLY_COUNT(Presence.ZERO_IF_ABSENT, Merge.SUM),
  SHADOW_ONLY_BLOCKED_COUNT(Presence.ZERO_IF_ABSENT, Merge.SUM),
  REFUND_COUNT(Presence.ZERO_IF_ABSENT, Merge.SUM),
  COST_REFUNDED(Presence.ZERO_IF_ABSENT, Merge.SUM),
  RESET_COUNT(Presence.ZERO_IF_ABSENT, Merge.SUM),
  FIRST_BLOCKED_US(Presence.NULL_IF_ABSENT, Merge.MIN),
  LAST_BLOCKED_US(Presence.NULL_IF_ABSENT, Merge.MAX),
  HIGH_ALLOWED_COUNT(Presence.ZERO_IF_ABSENT, Merge.SUM),
  HIGH_BLOCKED_COUNT(Presence.ZERO_IF_ABSENT, Merge.SUM),
  LOW_ALLOWED_COUNT(Presence.ZERO_IF_ABSENT, Merge.SUM),
  LOW_BLOCKED_COUNT(Presence.ZERO_IF_ABSENT, Merge.SUM),
  WAITED_COUNT(Presence.ZERO_IF_ABSENT, Merge.SUM),
  WAIT_SUM_US(Presence.ZERO_IF_ABSENT, Merge.SUM),
  SETTLED_COUNT(Presence.ZERO_IF_ABSENT, Merge.SUM),
  COST_SETTLED_BACK(Presence.ZERO_IF_ABSENT, Merge.SUM),
  COST_SETTLED_MORE(Presence.ZERO_IF_ABSENT, Merge.SUM),
  COST_UNCHARGED(Presence.ZERO_IF_ABSENT, Merge.SUM);

  /** What a value without the figure's field means; a value with the figure's default omits it. */
  enum Presence {
    REQUIRED,
    ZERO_IF_ABSENT,
    NULL_IF_ABSENT
  }

  /** How the figure of two rows is that of both together. */
  private enum Merge {
    SUM,
    MIN,
    MAX
  }

  private final String wireName = name().toLowerCase(Locale.ROOT);
  private final Presence presence;
  private final Merge merge;

  Figure(Presence presence, Merge merge) {
    this.presence = presence;
    this.merge = merge;
  }

  /** The name of its field on the topic. */
  public String wireName() {
    return wireName;
  }

  Presence presence() {
    return presence;
  }

  /** Whether it is a time. */
  public boolean isTime() {
    return this == FIRST_EVENT_US
        || this == LAST_EVENT_US
        || this == FIRST_BLOCKED_US
        || this == LAST_BLOCKED_US;
  }

  /** Whether it is of priorities, waits or settlements, which events of earlier versions lack. */
  public boolean isOfSpending() {
    return compareTo(HIGH_ALLOWED_COUNT) >= 0;
  }

  /** The value of a row without events; {@link Figures#NONE} for a time. */
  public long initial() {
    return isTime() ? Figures.NONE : 0;
  }

  /** The figure of two values together, each of which may be {@link Figures#NONE}. */
  public long merge(long first, long second) {
    if (first == Figures.NONE || second == Figures.NONE) {
      return Math.max(first, second);
    }
    return switch (merge) {
      case SUM -> Bounds.sum(first, second);
      case MIN -> Math.min(first, second);
      case MAX -> Math.max(first, second);
    };
  }
}
