package io.ratelimiter.auditor.topology;

import static io.ratelimiter.schemas.audit.Figure.*;

import io.ratelimiter.schemas.AdjustmentEvent;
import io.ratelimiter.schemas.DecisionEvent;
import io.ratelimiter.schemas.DecisionEvent.Limit;
import io.ratelimiter.schemas.LedgerEvent;
import io.ratelimiter.schemas.SeriesPosition;
import io.ratelimiter.schemas.audit.Dimensions;
import io.ratelimiter.schemas.audit.Figure;
import io.ratelimiter.schemas.audit.Figures;
import io.ratelimiter.schemas.audit.Kind;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/** The simplest possible audit: keeps all events and computes the rows from them at the end. */
final class BruteForce {

  /** An event in a row: a decision of its own, a verdict of a shadow rule, or an adjustment. */
  private record Counted(
      @Nullable DecisionEvent decision,
      @Nullable Limit shadow,
      @Nullable AdjustmentEvent adjustment,
      boolean late) {

    boolean isOwn() {
      return decision != null && shadow == null;
    }

    boolean isAllowed() {
      return isOwn() && decision.allowed();
    }

    boolean isError() {
      return isOwn() && "store_unavailable".equals(decision.reason());
    }

    boolean isBlocked() {
      return isOwn() && !decision.allowed() && !isError();
    }

    boolean wouldBlock() {
      return shadow != null && !shadow.verdict().allowed();
    }

    boolean isRefund() {
      return adjustment != null && adjustment.kind().equals("refund");
    }

    boolean isOf(String priority) {
      return decision != null && decision.spending().priority().equals(priority);
    }

    long waitMicros() {
      return isOwn() ? decision.spending().waitMicros() : 0;
    }

    boolean isSettlement() {
      return adjustment != null && adjustment.kind().equals("settle");
    }

    /** By how much a settlement exceeds its estimate. */
    long excess() {
      return isSettlement() ? adjustment.cost() - adjustment.settled().estimate() : 0;
    }

    long uncharged() {
      return isSettlement() ? adjustment.settled().uncharged() : 0;
    }

    long cost() {
      return decision == null ? adjustment.cost() : decision.cost();
    }

    long at() {
      return decision == null ? adjustment.decidedAtMicros() : decision.decidedAtMicros();
    }
  }

  private record When(long minute, int part, boolean late) {}

  private final Map<Dimensions, List<Counted>> rows = new HashMap<>();
  private final Map<Dimensions, Set<String>> clients = new HashMap<>();
  private final Map<String, Set<Long>> seen = new HashMap<>();
  private final Map<String, Long> duplicates = new HashMap<>();
  private final Map<String, LedgerEvent> ledgers = new HashMap<>();
  private final long latenessMillis;
  private long highMillis;

  BruteForce(long latenessMillis) {
    this.latenessMillis = latenessMillis;
  }

  void decide(DecisionEvent event, long appendMillis) {
    highMillis = Math.max(highMillis, appendMillis);
    if (!accept(event.position())) {
      return;
    }
    When when = when(event.decidedAtMicros());
    Limit top = null;
    for (Limit limit : event.limits()) {
      if (event.top() != null && limit.ruleId() == event.top().ruleId()) {
        top = limit;
      }
      if (limit.mode().equals("shadow") && limit.verdict() != null) {
        Counted shadow = new Counted(event, limit, null, when.late);
        add(client(when, event, limit.rule()), shadow);
        add(TestRows.total(when.minute, when.part, limit.rule()), shadow);
      }
    }
    Counted counted = new Counted(event, null, null, when.late);
    String rule = top == null ? "(none)" : top.rule();
    add(client(when, event, rule), counted);
    add(TestRows.total(when.minute, when.part, rule), counted);
    add(TestRows.tenant(when.minute, when.part, event.tenant()), counted);
    String reason = event.degradedReason() == null ? "(none)" : event.degradedReason();
    add(
        Dimensions.of(
            Kind.INSTANCE_TOTAL,
            when.minute,
            when.part,
            "",
            event.position().instance(),
            event.source(),
            reason),
        counted);
    if (event.allowed()) {
      add(TestRows.bill(day(when.minute), event.tenant(), "(all)"), counted);
    }
    clients
        .computeIfAbsent(
            Dimensions.of(Kind.UNIQUE_CLIENTS, when.minute / 3_600 * 3_600, 0, event.tenant()),
            k -> new HashSet<>())
        .add(event.clientId());
  }

  void adjust(AdjustmentEvent event, long appendMillis) {
    highMillis = Math.max(highMillis, appendMillis);
    if (!accept(event.position())) {
      return;
    }
    When when = when(event.decidedAtMicros());
    Counted counted = new Counted(null, null, event, when.late);
    String rule = event.limits().getFirst().rule();
    add(
        Dimensions.of(
            Kind.CLIENT,
            when.minute,
            when.part,
            "",
            event.tenant(),
            event.clientId(),
            event.limitKey(),
            rule,
            "token_bucket"),
        counted);
    add(TestRows.total(when.minute, when.part, rule), counted);
    add(TestRows.tenant(when.minute, when.part, event.tenant()), counted);
    if (counted.isRefund() || counted.isSettlement()) {
      add(TestRows.bill(day(when.minute), event.tenant(), "(all)"), counted);
    }
  }

  private When when(long micros) {
    long millis = micros / 1000;
    boolean late = millis < highMillis - latenessMillis || millis > highMillis + 300_000;
    long minute = (late ? highMillis : millis) / 60_000 * 60;
    int part = 0;
    while (highMillis >= minute * 1000 + 60_000 + (part + 1) * 600_000L) {
      part++;
    }
    return new When(minute, part, late);
  }

  private static long day(long minute) {
    return minute / 86_400 * 86_400;
  }

  private boolean accept(SeriesPosition position) {
    String series = position.instance() + "/" + position.epoch();
    boolean first = seen.computeIfAbsent(series, k -> new HashSet<>()).add(position.seq());
    if (!first) {
      duplicates.merge(series, 1L, Long::sum);
    }
    return first;
  }

  /** Keeps the ledger with the highest settled number. */
  void ledger(LedgerEvent ledger, long appendMillis) {
    highMillis = Math.max(highMillis, appendMillis);
    ledgers.merge(
        ledger.instance() + "/" + ledger.epoch(),
        ledger,
        (known, next) -> next.settledSeq() >= known.settledSeq() ? next : known);
  }

  private void add(Dimensions row, Counted counted) {
    rows.computeIfAbsent(row, k -> new ArrayList<>()).add(counted);
  }

  private static Dimensions client(When when, DecisionEvent event, String rule) {
    return Dimensions.of(
        Kind.CLIENT,
        when.minute,
        when.part,
        "",
        event.tenant(),
        event.clientId(),
        event.limitKey(),
        rule,
        rule.equals("(none)") ? "(none)" : "token_bucket");
  }

  /** Every row's figures. */
  Map<Dimensions, Figures> figures() {
    Map<Dimensions, Figures> all = new HashMap<>();
    rows.forEach((key, counted) -> {
      Map<Figure, Long> figures = figures(counted);
      figures.keySet().retainAll(key.kind().figures());
      all.put(key, Figures.of(figures));
    });
    return all;
  }

  private static Map<Figure, Long> figures(List<Counted> counted) {
    Map<Figure, Long> figures = new EnumMap<>(Figure.class);
    figures.put(ALLOWED_COUNT, count(counted, Counted::isAllowed));
    figures.put(BLOCKED_COUNT, count(counted, Counted::isBlocked));
    figures.put(ERROR_COUNT, count(counted, Counted::isError));
    figures.put(DEGRADED_COUNT, count(counted, c -> c.isOwn() && c.decision.degraded()));
    figures.put(LATE_COUNT, count(counted, c -> c.isOwn() && c.late));
    figures.put(
        TOO_COSTLY_COUNT,
        count(counted, c -> c.isBlocked() && "cost_exceeds_limit".equals(c.decision.reason())));
    figures.put(SHADOW_CHECKED_COUNT, count(counted, c -> c.shadow != null));
    figures.put(SHADOW_BLOCKED_COUNT, count(counted, Counted::wouldBlock));
    figures.put(
        SHADOW_ONLY_BLOCKED_COUNT, count(counted, c -> c.wouldBlock() && c.decision.allowed()));
    figures.put(REFUND_COUNT, count(counted, Counted::isRefund));
    figures.put(
        RESET_COUNT,
        count(counted, c -> c.adjustment != null && !c.isRefund() && !c.isSettlement()));
    putSpending(figures, counted);
    figures.put(COST_ALLOWED, cost(counted, Counted::isAllowed));
    figures.put(COST_BLOCKED, cost(counted, Counted::isBlocked));
    figures.put(COST_REFUNDED, cost(counted, Counted::isRefund));
    figures.put(LATENCY_SUM_US, latencies(counted).sum());
    figures.put(LATENCY_MAX_US, latencies(counted).max().orElse(0));
    figures.put(FIRST_EVENT_US, times(counted, c -> true).min().orElseThrow());
    figures.put(LAST_EVENT_US, times(counted, c -> true).max().orElseThrow());
    figures.put(FIRST_BLOCKED_US, times(counted, Counted::isBlocked).min().orElse(Figures.NONE));
    figures.put(LAST_BLOCKED_US, times(counted, Counted::isBlocked).max().orElse(Figures.NONE));
    return figures;
  }

  private static void putSpending(Map<Figure, Long> figures, List<Counted> counted) {
    figures.put(HIGH_ALLOWED_COUNT, count(counted, c -> c.isAllowed() && c.isOf("high")));
    figures.put(HIGH_BLOCKED_COUNT, count(counted, c -> c.isBlocked() && c.isOf("high")));
    figures.put(LOW_ALLOWED_COUNT, count(counted, c -> c.isAllowed() && c.isOf("low")));
    figures.put(LOW_BLOCKED_COUNT, count(counted, c -> c.isBlocked() && c.isOf("low")));
    figures.put(WAITED_COUNT, count(counted, c -> c.waitMicros() > 0));
    figures.put(WAIT_SUM_US, sum(counted, Counted::waitMicros));
    figures.put(SETTLED_COUNT, count(counted, Counted::isSettlement));
    figures.put(COST_SETTLED_BACK, sum(counted, c -> Math.max(0, -c.excess())));
    figures.put(COST_SETTLED_MORE, sum(counted, c -> Math.max(0, c.excess()) - c.uncharged()));
    figures.put(COST_UNCHARGED, sum(counted, Counted::uncharged));
  }

  private static long sum(List<Counted> counted, ToLongFunction<Counted> value) {
    return counted.stream().mapToLong(value).sum();
  }

  private static long count(List<Counted> counted, Predicate<Counted> which) {
    return counted.stream().filter(which).count();
  }

  private static long cost(List<Counted> counted, Predicate<Counted> which) {
    return counted.stream().filter(which).mapToLong(Counted::cost).sum();
  }

  private static LongStream latencies(List<Counted> counted) {
    return counted.stream().filter(Counted::isOwn).mapToLong(c -> c.decision.latencyMicros());
  }

  private static LongStream times(List<Counted> counted, Predicate<Counted> which) {
    return counted.stream().filter(which).mapToLong(Counted::at);
  }

  /** Number of clients of each row of unique clients. */
  Map<Dimensions, Integer> uniqueClients() {
    Map<Dimensions, Integer> counts = new HashMap<>();
    clients.forEach((row, names) -> counts.put(row, names.size()));
    return counts;
  }

  Set<String> series() {
    Set<String> all = new HashSet<>(seen.keySet());
    all.addAll(ledgers.keySet());
    return all;
  }

  long received(String series) {
    return seen.getOrDefault(series, Set.of()).size();
  }

  long duplicates(String series) {
    return duplicates.getOrDefault(series, 0L);
  }

  /** Numbers missing up to the settled one, or up to the highest once closed, less the dropped. */
  long lost(String series, boolean closed) {
    Set<Long> came = seen.getOrDefault(series, Set.of());
    LedgerEvent ledger = ledgers.get(series);
    long to = ledger == null ? 0 : ledger.settledSeq();
    if (closed) {
      to = Math.max(to, came.stream().mapToLong(Long::longValue).max().orElse(0));
      to = Math.max(to, ledger == null ? 0 : ledger.issued());
    }
    long missing = LongStream.rangeClosed(1, to).filter(seq -> !came.contains(seq)).count();
    return Math.max(0, missing - (ledger == null ? 0 : ledger.settledDropped()));
  }
}
