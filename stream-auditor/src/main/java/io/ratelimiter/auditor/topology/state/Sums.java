package io.ratelimiter.auditor.topology.state;

import static io.ratelimiter.schemas.audit.Figure.*;

import io.ratelimiter.schemas.AdjustmentEvent;
import io.ratelimiter.schemas.DecisionEvent;
import io.ratelimiter.schemas.audit.Figure;
import io.ratelimiter.schemas.audit.Figures;
import io.ratelimiter.schemas.audit.Kind;
import java.nio.ByteBuffer;
import java.util.EnumSet;
import java.util.Set;

/** The figures of a row so far, and their encoding in the store. */
@SuppressWarnings("EnumOrdinal") // An array: a decision changes ten figures of two rows.
public final class Sums {

  private static final Figure[] ALL = Figure.values();

  /** Each change of a row adds 1 to one of them, so that their sum is the row's revision. */
  private static final Set<Figure> CHANGES =
      EnumSet.of(
          ALLOWED_COUNT,
          BLOCKED_COUNT,
          ERROR_COUNT,
          SHADOW_CHECKED_COUNT,
          REFUND_COUNT,
          RESET_COUNT);

  private static final String COST_EXCEEDS_LIMIT = "cost_exceeds_limit";
  private static final String REFUND = "refund";

  private final long[] values = new long[ALL.length];

  Sums() {
    for (Figure figure : ALL) {
      values[figure.ordinal()] = figure.initial();
    }
  }

  public long get(Figure figure) {
    return values[figure.ordinal()];
  }

  private void merge(Figure figure, long value) {
    values[figure.ordinal()] = figure.merge(values[figure.ordinal()], value);
  }

  /** Counts a decision in a row that has it as its own. */
  void add(DecisionEvent event, boolean isLate) {
    if (event.allowed()) {
      merge(ALLOWED_COUNT, 1);
      merge(COST_ALLOWED, event.cost());
    } else if (isFailedClosed(event)) {
      merge(ERROR_COUNT, 1);
    } else {
      addBlock(event);
    }
    merge(DEGRADED_COUNT, event.degraded() ? 1 : 0);
    merge(LATE_COUNT, isLate ? 1 : 0);
    merge(LATENCY_SUM_US, event.latencyMicros());
    merge(LATENCY_MAX_US, event.latencyMicros());
    touch(event.decidedAtMicros());
  }

  private void addBlock(DecisionEvent event) {
    merge(BLOCKED_COUNT, 1);
    merge(COST_BLOCKED, event.cost());
    merge(TOO_COSTLY_COUNT, COST_EXCEEDS_LIMIT.equals(event.reason()) ? 1 : 0);
    merge(FIRST_BLOCKED_US, event.decidedAtMicros());
    merge(LAST_BLOCKED_US, event.decidedAtMicros());
  }

  /** Counts the verdict of a shadow rule. */
  void addShadow(DecisionEvent event, boolean wouldBlock) {
    merge(SHADOW_CHECKED_COUNT, 1);
    merge(SHADOW_BLOCKED_COUNT, wouldBlock ? 1 : 0);
    merge(SHADOW_ONLY_BLOCKED_COUNT, wouldBlock && event.allowed() ? 1 : 0);
    touch(event.decidedAtMicros());
  }

  /** Counts a refund or a reset. */
  void add(AdjustmentEvent event) {
    if (isRefund(event)) {
      merge(REFUND_COUNT, 1);
      merge(COST_REFUNDED, event.cost());
    } else {
      merge(RESET_COUNT, 1);
    }
    touch(event.decidedAtMicros());
  }

  private void touch(long micros) {
    merge(FIRST_EVENT_US, micros);
    merge(LAST_EVENT_US, micros);
  }

  /** Whether the event was blocked because the store did not answer. */
  public static boolean isFailedClosed(DecisionEvent event) {
    return DecisionEvent.STORE_UNAVAILABLE.equals(event.reason());
  }

  public static boolean isRefund(AdjustmentEvent event) {
    return event.kind().equals(REFUND);
  }

  /** Adds the figures of other rows. */
  void merge(Sums other) {
    for (Figure figure : ALL) {
      merge(figure, other.get(figure));
    }
  }

  /** Number of changes of a row of this kind; each raises it by one. */
  public long changes(Kind kind) {
    long changes = 0;
    for (Figure figure : CHANGES) {
      changes += kind.figures().contains(figure) ? get(figure) : 0;
    }
    return changes;
  }

  /**
   * The figures as published.
   *
   * @param blockedOnly whether allowed decisions were not counted, so that their figures are null
   */
  public Figures published(Kind kind, boolean blockedOnly) {
    long[] published = new Sums().values;
    for (Figure figure : kind.figures()) {
      published[figure.ordinal()] = get(figure);
    }
    if (blockedOnly) {
      published[ALLOWED_COUNT.ordinal()] = Figures.NONE;
      published[COST_ALLOWED.ordinal()] = Figures.NONE;
    }
    return Figures.copyOf(published);
  }

  /** Max bytes that {@link #write} needs. */
  static int maxBytes() {
    return ALL.length * Varint.MAX_BYTES;
  }

  void write(Kind kind, ByteBuffer out) {
    for (Figure figure : kind.figures()) {
      Varint.write(get(figure) - Figures.NONE, out);
    }
  }

  void read(Kind kind, ByteBuffer in) {
    for (Figure figure : kind.figures()) {
      values[figure.ordinal()] = Varint.read(in) + Figures.NONE;
    }
  }
}
