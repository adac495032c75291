package io.ratelimiter.auditor.topology;

import io.ratelimiter.schemas.DecisionEvent;
import io.ratelimiter.schemas.DecisionEvent.Limit;
import io.ratelimiter.schemas.LedgerEvent;
import io.ratelimiter.schemas.audit.MinuteRow.Dimensions;
import io.ratelimiter.schemas.audit.MinuteRow.Figures;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.LongStream;

/** The simplest possible audit: keeps all events and computes the rows from them at the end. */
final class BruteForce {

  private record Counted(DecisionEvent event, boolean late) {}

  private final Map<Dimensions, List<Counted>> rows = new HashMap<>();
  private final Map<Dimensions, List<Counted>> shadows = new HashMap<>();
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
    if (!accept(event.position().instance(), event.position().epoch(), event.position().seq())) {
      return;
    }
    long millis = event.decidedAtMicros() / 1000;
    boolean late = millis < highMillis - latenessMillis || millis > highMillis + 300_000;
    long minute = (late ? highMillis : millis) / 60_000 * 60;
    Limit top = null;
    for (Limit limit : event.limits()) {
      if (event.top() != null && limit.ruleId() == event.top().ruleId()) {
        top = limit;
      }
      if (limit.mode().equals("shadow") && limit.verdict() != null) {
        add(shadows, of(minute, event, limit), event, late);
        add(shadows, total(minute, limit), event, late);
      }
    }
    add(rows, of(minute, event, top), event, late);
    add(rows, total(minute, top), event, late);
  }

  boolean accept(String instance, String epoch, long seq) {
    boolean first = seen.computeIfAbsent(instance + "/" + epoch, k -> new HashSet<>()).add(seq);
    if (!first) {
      duplicates.merge(instance + "/" + epoch, 1L, Long::sum);
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

  private static void add(
      Map<Dimensions, List<Counted>> where, Dimensions key, DecisionEvent event, boolean late) {
    where.computeIfAbsent(key, k -> new ArrayList<>()).add(new Counted(event, late));
  }

  private static Dimensions of(long minute, DecisionEvent event, Limit limit) {
    return new Dimensions(
        minute,
        event.tenant(),
        event.clientId(),
        event.limitKey(),
        limit == null ? "(none)" : limit.rule(),
        limit == null ? "(none)" : limit.algorithm());
  }

  private static Dimensions total(long minute, Limit limit) {
    return limit == null
        ? new Dimensions(minute, "(none)", null, "(none)", "(none)", "(none)")
        : new Dimensions(
            minute,
            limit.ruleTenant(),
            null,
            limit.ruleLimitKey(),
            limit.rule(),
            limit.algorithm());
  }

  /** Every row's figures, without the histogram. */
  Map<Dimensions, Figures> figures() {
    Map<Dimensions, Figures> all = new HashMap<>();
    Set<Dimensions> keys = new HashSet<>(rows.keySet());
    keys.addAll(shadows.keySet());
    for (Dimensions key : keys) {
      all.put(
          key,
          figures(
              key.rule(), rows.getOrDefault(key, List.of()), shadows.getOrDefault(key, List.of())));
    }
    return all;
  }

  private static Figures figures(String rule, List<Counted> counted, List<Counted> shadowed) {
    Predicate<Counted> allowed = c -> c.event().allowed();
    Predicate<Counted> error =
        c -> !c.event().allowed() && "store_unavailable".equals(c.event().reason());
    Predicate<Counted> blocked = allowed.or(error).negate();
    return new Figures(
        count(counted, allowed),
        count(counted, blocked),
        count(counted, error),
        count(counted, c -> c.event().degraded()),
        count(counted, Counted::late),
        shadowed.size(),
        count(
            shadowed,
            c ->
                c.event().limits().stream()
                    .anyMatch(limit -> limit.rule().equals(rule) && !limit.verdict().allowed())),
        cost(counted, allowed),
        cost(counted, blocked),
        latencies(counted).sum(),
        latencies(counted).max().orElse(0),
        times(counted, shadowed).min().orElseThrow(),
        times(counted, shadowed).max().orElseThrow(),
        null);
  }

  private static long count(List<Counted> counted, Predicate<Counted> which) {
    return counted.stream().filter(which).count();
  }

  private static long cost(List<Counted> counted, Predicate<Counted> which) {
    return counted.stream().filter(which).mapToLong(c -> c.event().cost()).sum();
  }

  private static LongStream latencies(List<Counted> counted) {
    return counted.stream().mapToLong(c -> c.event().latencyMicros());
  }

  private static LongStream times(List<Counted> counted, List<Counted> shadowed) {
    return LongStream.concat(
        counted.stream().mapToLong(c -> c.event().decidedAtMicros()),
        shadowed.stream().mapToLong(c -> c.event().decidedAtMicros()));
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
