package io.ratelimiter.auditor.topology;

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
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.LongStream;

/** The simplest possible audit: keeps all events and computes the rows from them at the end. */
final class BruteForce {

  private record When(long minute, int part, boolean late) {}

  private final Map<Dimensions, List<CountedEvent>> rows = new HashMap<>();
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
        CountedEvent shadow = new CountedEvent(event, limit, null, when.late);
        add(client(when, event, limit.rule()), shadow);
        add(TestRows.total(when.minute, when.part, limit.rule()), shadow);
      }
    }
    CountedEvent counted = new CountedEvent(event, null, null, when.late);
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
    CountedEvent counted = new CountedEvent(null, null, event, when.late);
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

  private void add(Dimensions row, CountedEvent counted) {
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
      Map<Figure, Long> figures = CountedFigures.of(counted);
      figures.keySet().retainAll(key.kind().figures());
      all.put(key, Figures.of(figures));
    });
    return all;
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
