package io.ratelimiter.auditor.topology;

import static io.ratelimiter.schemas.audit.Figure.*;

import io.ratelimiter.schemas.audit.Figure;
import io.ratelimiter.schemas.audit.Figures;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;
import java.util.stream.LongStream;

/** The figures of a row of {@link BruteForce}, each computed from all events of the row. */
final class CountedFigures {

  private CountedFigures() {}

  /** Every figure; which of them a row has depends on its kind. */
  static Map<Figure, Long> of(List<CountedEvent> counted) {
    Map<Figure, Long> figures = new EnumMap<>(Figure.class);
    figures.put(ALLOWED_COUNT, count(counted, CountedEvent::isAllowed));
    figures.put(BLOCKED_COUNT, count(counted, CountedEvent::isBlocked));
    figures.put(ERROR_COUNT, count(counted, CountedEvent::isError));
    figures.put(DEGRADED_COUNT, count(counted, c -> c.isOwn() && c.decision().degraded()));
    figures.put(LATE_COUNT, count(counted, c -> c.isOwn() && c.late()));
    figures.put(
        TOO_COSTLY_COUNT,
        count(counted, c -> c.isBlocked() && "cost_exceeds_limit".equals(c.decision().reason())));
    figures.put(SHADOW_CHECKED_COUNT, count(counted, c -> c.shadow() != null));
    figures.put(SHADOW_BLOCKED_COUNT, count(counted, CountedEvent::wouldBlock));
    figures.put(
        SHADOW_ONLY_BLOCKED_COUNT, count(counted, c -> c.wouldBlock() && c.decision().allowed()));
    figures.put(REFUND_COUNT, count(counted, CountedEvent::isRefund));
    figures.put(
        RESET_COUNT,
        count(counted, c -> c.adjustment() != null && !c.isRefund() && !c.isSettlement()));
    putSpending(figures, counted);
    figures.put(COST_ALLOWED, cost(counted, CountedEvent::isAllowed));
    figures.put(COST_BLOCKED, cost(counted, CountedEvent::isBlocked));
    figures.put(COST_REFUNDED, cost(counted, CountedEvent::isRefund));
    figures.put(LATENCY_SUM_US, latencies(counted).sum());
    figures.put(LATENCY_MAX_US, latencies(counted).max().orElse(0));
    figures.put(FIRST_EVENT_US, times(counted, c -> true).min().orElseThrow());
    figures.put(LAST_EVENT_US, times(counted, c -> true).max().orElseThrow());
    figures.put(
        FIRST_BLOCKED_US, times(counted, CountedEvent::isBlocked).min().orElse(Figures.NONE));
    figures.put(
        LAST_BLOCKED_US, times(counted, CountedEvent::isBlocked).max().orElse(Figures.NONE));
    return figures;
  }

  private static void putSpending(Map<Figure, Long> figures, List<CountedEvent> counted) {
    figures.put(HIGH_ALLOWED_COUNT, count(counted, c -> c.isAllowed() && c.isOf("high")));
    figures.put(HIGH_BLOCKED_COUNT, count(counted, c -> c.isBlocked() && c.isOf("high")));
    figures.put(LOW_ALLOWED_COUNT, count(counted, c -> c.isAllowed() && c.isOf("low")));
    figures.put(LOW_BLOCKED_COUNT, count(counted, c -> c.isBlocked() && c.isOf("low")));
    figures.put(WAITED_COUNT, count(counted, c -> c.waitMicros() > 0));
    figures.put(WAIT_SUM_US, sum(counted, CountedEvent::waitMicros));
    figures.put(SETTLED_COUNT, count(counted, CountedEvent::isSettlement));
    figures.put(COST_SETTLED_BACK, sum(counted, c -> Math.max(0, -c.excess())));
    figures.put(COST_SETTLED_MORE, sum(counted, c -> Math.max(0, c.excess()) - c.uncharged()));
    figures.put(COST_UNCHARGED, sum(counted, CountedEvent::uncharged));
  }

  private static long sum(List<CountedEvent> counted, ToLongFunction<CountedEvent> value) {
    return counted.stream().mapToLong(value).sum();
  }

  private static long count(List<CountedEvent> counted, Predicate<CountedEvent> which) {
    return counted.stream().filter(which).count();
  }

  private static long cost(List<CountedEvent> counted, Predicate<CountedEvent> which) {
    return counted.stream().filter(which).mapToLong(CountedEvent::cost).sum();
  }

  private static LongStream latencies(List<CountedEvent> counted) {
    return counted.stream()
        .filter(CountedEvent::isOwn)
        .mapToLong(c -> c.decision().latencyMicros());
  }

  private static LongStream times(List<CountedEvent> counted, Predicate<CountedEvent> which) {
    return counted.stream().filter(which).mapToLong(CountedEvent::at);
  }
}
