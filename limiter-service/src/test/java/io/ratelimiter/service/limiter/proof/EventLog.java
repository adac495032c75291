package io.ratelimiter.service.limiter.proof;

import io.ratelimiter.schemas.AdjustmentEvent;
import io.ratelimiter.schemas.DecisionEvent;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The events of a run without duplicates, by key; a shared key has those of all its clients. Not
 * thread-safe.
 *
 * <pre>{@code
 * EventLog log = EventLog.of(decisions, adjustments);
 * log.leaveOut(key -> key.clientId().startsWith("lost-"), "data lost");
 * System.out.println(Bounds.judge(log).text());
 * System.out.println(Witness.judge(log).text());
 * }</pre>
 */
public final class EventLog {

  static final String REBASED = "the clock went back by more than the window";
  static final String TIMED_OUT = "a command timed out and may have charged";
  static final String UNKNOWN_DECISION = "settled for a decision that is not in the run";

  private static final Comparator<Use> ORDER =
      Comparator.comparingLong(Use::atMicros).thenComparing(Use::kind);

  private final Map<String, DecisionEvent> decisions = new LinkedHashMap<>();
  private final Map<LimitedKey, List<Use>> uses = new LinkedHashMap<>();
  private final Map<LimitedKey, Set<String>> marks = new LinkedHashMap<>();
  private final Map<String, Long> ignored = new TreeMap<>();
  private final Map<String, AdjustmentEvent> settlements = new LinkedHashMap<>();
  private final List<AdjustmentEvent> repeated = new ArrayList<>();

  private EventLog() {}

  /** The log of these events, given in any order; an event whose id was seen before is ignored. */
  public static EventLog of(
      Collection<DecisionEvent> decisions, Collection<AdjustmentEvent> adjustments) {
    EventLog log = new EventLog();
    decisions.forEach(log::add);
    Set<String> seen = new HashSet<>();
    for (AdjustmentEvent adjustment : adjustments) {
      if (seen.add(adjustment.adjustmentId())) {
        log.add(adjustment);
      }
    }
    log.uses.values().forEach(list -> list.sort(ORDER));
    log.uses.values().forEach(Uses::addTerms);
    return log;
  }

  /** Leaves keys out of every judgement; the reports state the reason. */
  public void leaveOut(Predicate<LimitedKey> keys, String reason) {
    uses.keySet().stream().filter(keys).forEach(key -> mark(key, reason));
  }

  Collection<DecisionEvent> decisions() {
    return decisions.values();
  }

  /** The first settlement of each decision, by its id. */
  Map<String, AdjustmentEvent> settlements() {
    return settlements;
  }

  /** Settlements of decisions that were settled before. They are not among the uses. */
  List<AdjustmentEvent> repeatedSettlements() {
    return repeated;
  }

  @Nullable DecisionEvent decision(String id) {
    return decisions.get(id);
  }

  /** The uses of each key, in the order of the key's own time. */
  Map<LimitedKey, List<Use>> uses() {
    return uses;
  }

  /** The reasons for which a key is left out; usually empty. */
  Set<String> marks(LimitedKey key) {
    return marks.getOrDefault(key, Set.of());
  }

  /** Kinds of events that are ignored, with their number. */
  Map<String, Long> ignored() {
    return ignored;
  }

  private void add(DecisionEvent event) {
    if (decisions.putIfAbsent(event.decisionId(), event) != null) {
      ignored.merge("decisions published twice", 1L, Long::sum);
      return;
    }
    boolean evaluated = event.source().equals("redis") || event.source().equals("cache");
    if (!evaluated) {
      ignored.merge("decisions not by the store (" + event.source() + ")", 1L, Long::sum);
    }
    for (DecisionEvent.Limit limit : event.limits()) {
      LimitedKey key = LimitedKey.of(event, limit);
      if ("timeout".equals(event.degradedReason())) {
        mark(key, TIMED_OUT);
      }
      DecisionEvent.Verdict verdict = limit.verdict();
      // A limit of 0 blocks without a counter.
      if (evaluated && verdict != null && limit.limit() > 0) {
        add(event, limit, verdict, key);
      }
    }
  }

  private void add(
      DecisionEvent event,
      DecisionEvent.Limit limit,
      DecisionEvent.Verdict verdict,
      LimitedKey key) {
    boolean cached = event.source().equals("cache");
    // Such an answer repeats the other figures of the cached block.
    if (cached && verdict.allowed()) {
      return;
    }
    if (verdict.rebased() && !cached) {
      mark(key, REBASED);
    }
    put(key, Uses.of(event, limit, verdict));
  }

  private void add(AdjustmentEvent event) {
    AdjustmentEvent.Settled settled = event.settled();
    if (settled != null && settlements.putIfAbsent(settled.decisionId(), event) != null) {
      repeated.add(event);
      return;
    }
    DecisionEvent decision = settled == null ? null : decisions.get(settled.decisionId());
    for (AdjustmentEvent.Limit limit : event.limits()) {
      LimitedKey key = LimitedKey.of(event, limit);
      if (limit.rebased()) {
        mark(key, REBASED);
      }
      if (settled != null && decision == null) {
        mark(key, UNKNOWN_DECISION);
      }
      put(key, Uses.of(event, limit, decision));
    }
  }

  private void put(LimitedKey key, Use use) {
    uses.computeIfAbsent(key, _ -> new ArrayList<>()).add(use);
  }

  private void mark(LimitedKey key, String reason) {
    marks.computeIfAbsent(key, _ -> new HashSet<>()).add(reason);
  }
}
