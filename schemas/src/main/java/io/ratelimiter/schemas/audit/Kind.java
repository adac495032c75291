package io.ratelimiter.schemas.audit;

import static io.ratelimiter.schemas.audit.Dimension.ALGORITHM;
import static io.ratelimiter.schemas.audit.Dimension.CLIENT_ID;
import static io.ratelimiter.schemas.audit.Dimension.DEGRADED_REASON;
import static io.ratelimiter.schemas.audit.Dimension.LIMIT_KEY;
import static io.ratelimiter.schemas.audit.Dimension.REGION;
import static io.ratelimiter.schemas.audit.Dimension.RULE;
import static io.ratelimiter.schemas.audit.Dimension.SOURCE;
import static io.ratelimiter.schemas.audit.Dimension.TENANT;
import static io.ratelimiter.schemas.audit.Figure.*;

import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** A kind of rows: the span and the dimensions of its key, and its figures. */
@SuppressWarnings("ImmutableEnumChecker") // List and set are unmodifiable.
public enum Kind {
  /** Of a client, by minute, limit key and rule. */
  CLIENT(
      "client",
      Span.MINUTE,
      List.of(REGION, TENANT, CLIENT_ID, LIMIT_KEY, RULE, ALGORITHM),
      EnumSet.allOf(Figure.class)),

  /** Of a rule, by minute and revision of the rule; with latencies. */
  TOTAL(
      "total",
      Span.MINUTE,
      List.of(REGION, TENANT, LIMIT_KEY, RULE, ALGORITHM),
      EnumSet.allOf(Figure.class)),

  /** Of a caller's tenant, by minute. */
  TENANT_TOTAL(
      "tenant",
      Span.MINUTE,
      List.of(REGION, TENANT),
      EnumSet.of(
          ALLOWED_COUNT,
          BLOCKED_COUNT,
          TOO_COSTLY_COUNT,
          ERROR_COUNT,
          DEGRADED_COUNT,
          LATE_COUNT,
          COST_ALLOWED,
          COST_BLOCKED,
          REFUND_COUNT,
          COST_REFUNDED,
          RESET_COUNT,
          FIRST_BLOCKED_US,
          LAST_BLOCKED_US,
          HIGH_ALLOWED_COUNT,
          HIGH_BLOCKED_COUNT,
          LOW_ALLOWED_COUNT,
          LOW_BLOCKED_COUNT,
          WAITED_COUNT,
          WAIT_SUM_US,
          SETTLED_COUNT,
          COST_SETTLED_BACK,
          COST_SETTLED_MORE,
          COST_UNCHARGED)),

  /** Of a limiter, by minute, source of the decision and reason of a degraded one. */
  INSTANCE_TOTAL(
      "instance",
      Span.MINUTE,
      List.of(REGION, Dimension.INSTANCE, SOURCE, DEGRADED_REASON),
      EnumSet.of(ALLOWED_COUNT, BLOCKED_COUNT, ERROR_COUNT, COST_ALLOWED, COST_BLOCKED)),

  /** The registers of a HyperLogLog of a tenant's clients, by hour. */
  UNIQUE_CLIENTS("unique_clients", Span.HOUR, List.of(TENANT), EnumSet.noneOf(Figure.class)),

  /** What a tenant or a client used, by day. */
  BILL(
      "bill",
      Span.DAY,
      List.of(REGION, TENANT, CLIENT_ID),
      EnumSet.of(
          ALLOWED_COUNT,
          COST_ALLOWED,
          REFUND_COUNT,
          COST_REFUNDED,
          SETTLED_COUNT,
          COST_SETTLED_BACK,
          COST_SETTLED_MORE,
          COST_UNCHARGED));

  private final String wireName;
  private final Span span;
  private final List<Dimension> dimensions;
  private final Set<Figure> figures;

  Kind(String wireName, Span span, List<Dimension> dimensions, Set<Figure> figures) {
    this.wireName = wireName;
    this.span = span;
    this.dimensions = dimensions;
    this.figures = Collections.unmodifiableSet(figures);
  }

  /** Its name on the topic. */
  public String wireName() {
    return wireName;
  }

  public Span span() {
    return span;
  }

  /** The texts of its key, in this order. */
  public List<Dimension> dimensions() {
    return dimensions;
  }

  /** Its figures, in this order. */
  public Set<Figure> figures() {
    return figures;
  }

  /** Whether the figure may be null. */
  public boolean isNullable(Figure figure) {
    return figure.presence() == Figure.Presence.NULL_IF_ABSENT
        || (this == CLIENT && (figure == ALLOWED_COUNT || figure == COST_ALLOWED));
  }

  /** Whether the revision of the rule is part of its key. */
  public boolean hasRuleRevision() {
    return this == TOTAL;
  }

  /** Whether its rows have a latency histogram. */
  public boolean hasLatencies() {
    return this == TOTAL;
  }

  /** Whether its rows have registers of a HyperLogLog. */
  public boolean hasRegisters() {
    return this == UNIQUE_CLIENTS;
  }

  /** The span of a row. Rows of minutes are divided into parts by the time of their arrival. */
  public enum Span {
    MINUTE("window_start", 60),
    HOUR("hour", 3_600),
    DAY("day", 86_400);

    private final String wireName;
    private final long seconds;

    Span(String wireName, long seconds) {
      this.wireName = wireName;
      this.seconds = seconds;
    }

    /** The name of the field with its start. */
    public String wireName() {
      return wireName;
    }

    public long seconds() {
      return seconds;
    }

    /** The start of the span with this minute, both seconds since 1970. */
    public long startOf(long minute) {
      return minute - Math.floorMod(minute, seconds);
    }
  }
}
