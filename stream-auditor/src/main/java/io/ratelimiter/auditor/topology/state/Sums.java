package io.ratelimiter.auditor.topology.state;

import static io.ratelimiter.schemas.audit.Figure.*;

import io.ratelimiter.schemas.AdjustmentEvent;
import io.ratelimiter.schemas.AdjustmentEvent.Settled;
import io.ratelimiter.schemas.DecisionEvent;
import io.ratelimiter.schemas.DecisionEvent.Spending;
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
          RESET_COUNT,
          SETTLED_COUNT);

  private static final String COST_EXCEEDS_LIMIT = "cost_exceeds_limit";
  private static final String REFUND = "refund";
  private static final String HIGH = "high";
  private static final String LOW = "low";

  private static final long[] INITIAL = initial();

  private final long[] values = new long[ALL.length];

  Sums() {
    System.arraycopy(INITIAL, 0, values, 0, values.length);
  }

  private static long[] initial() {
    long[] initial = new long[ALL.length];
    for (Figure figure : ALL) {
      initial[figure.ordinal()] = figure.initial();
    }
    return initial;
  }

  public long get(Figure figure) {
    return values[figure.ordinal()];
  }

  private void merge(Figure figure, long value) {
    values[figure.ordinal()] = figure.merge(values[figure.ordinal()], value);
  }

  private void count(Figure figure, boolean counts) {
    if (counts) {
      values[figure.ordinal()]++;
    }
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
    count(DEGRADED_COUNT, event.degraded());
    count(LATE_COUNT, isLate);
    merge(LATENCY_SUM_US, event.latencyMicros());
    merge(LATENCY_MAX_US, event.latencyMicros());
    touch(event.decidedAtMicros());
    if (!event.spending().equals(Spending.PLAIN)) {
      addSpending(event, event.spending());
    }
  }

  private void addSpending(DecisionEvent event, Spending spending) {
    boolean blocked = !event.allowed() && !isFailedClosed(event);
    boolean high = spending.priority().equals(HIGH);
    boolean low = spending.priority().equals(LOW);
    count(HIGH_ALLOWED_COUNT, high && event.allowed());
    count(HIGH_BLOCKED_COUNT, high && blocked);
    count(LOW_ALLOWED_COUNT, low && event.allowed());
    count(LOW_BLOCKED_COUNT, low && blocked);
    count(WAITED_COUNT, spending.waitMicros() > 0);
    merge(WAIT_SUM_US, spending.waitMicros());
  }

  private void addBlock(DecisionEvent event) {
    merge(BLOCKED_COUNT, 1);
    merge(COST_BLOCKED, event.cost());
    count(TOO_COSTLY_COUNT, COST_EXCEEDS_LIMIT.equals(event.reason()));
    merge(FIRST_BLOCKED_US, event.decidedAtMicros());
    merge(LAST_BLOCKED_US, event.decidedAtMicros());
  }

  /** Counts the verdict of a shadow rule. */
  void addShadow(DecisionEvent event, boolean wouldBlock) {
    merge(SHADOW_CHECKED_COUNT, 1);
    count(SHADOW_BLOCKED_COUNT, wouldBlock);
    count(SHADOW_ONLY_BLOCKED_COUNT, wouldBlock && event.allowed());
    touch(event.decidedAtMicros());
  }

  /** Counts a refund, a reset or a settlement. */
  void add(AdjustmentEvent event) {
    Settled settled = event.settled();
    if (settled != null) {
      addSettled(event.cost(), settled);
    } else if (isRefund(event)) {
      merge(REFUND_COUNT, 1);
      merge(COST_REFUNDED, event.cost());
    } else {
      merge(RESET_COUNT, 1);
    }
    touch(event.decidedAtMicros());
  }

  private void addSettled(long cost, Settled settled) {
    long more = Math.max(0, cost - settled.estimate());
    merge(SETTLED_COUNT, 1);
    merge(COST_SETTLED_BACK, Math.max(0, settled.estimate() - cost));
    merge(COST_SETTLED_MORE, more - settled.uncharged());
    merge(COST_UNCHARGED, settled.uncharged());
  }

  private void touch(long micros) {
    merge(FIRST_EVENT_US, micros);
    merge(LAST_EVENT_US, micros);
  }

  /** Whether the event was blocked because the store did not answer. */
  public static boolean isFailedClosed(DecisionEvent event) {
    return DecisionEvent.STORE_UNAVAILABLE.equals(event.reason());
  }

  private static boolean isRefund(AdjustmentEvent event) {
    return event.kind().equals(REFUND);
  }

  /** Whether the event changes the charged cost by a known number of units; a reset does not. */
  public static boolean changesCost(AdjustmentEvent event) {
    return event.settled() != null || isRefund(event);
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
    long[] published = INITIAL.clone();
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

  /** Whether one of these figures is not 0. */
  boolean hasAny(FigureGroup group, Kind kind) {
    for (int figure : group.of(kind)) {
      if (values[figure] != 0) {
        return true;
      }
    }
    return false;
  }

  void write(FigureGroup group, Kind kind, ByteBuffer out) {
    for (int figure : group.of(kind)) {
      Varint.write(values[figure] - Figures.NONE, out);
    }
  }

  void read(FigureGroup group, Kind kind, ByteBuffer in) {
    for (int figure : group.of(kind)) {
      values[figure] = Varint.read(in) + Figures.NONE;
    }
  }
}
