package io.ratelimiter.load.verdict;

import io.ratelimiter.schemas.AdjustmentEvent;
import io.ratelimiter.schemas.Counter;
import io.ratelimiter.schemas.DecisionEvent;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Verifies a run by its decisions on the topic: their number and results must match the answers,
 * none may be there twice, and every token bucket must be within its bound, with the priorities,
 * waits and settlements that the events report. A continuously checked bucket must also have
 * granted all its units.
 */
public final class RunVerifier {

  private static final int MAX_FAULTS = 5;

  /** A bucket that blocked more units than this was checked continuously. */
  private static final int SATURATED = 100;

  private static final List<String> OWN = List.of("client_id", "limit_key");

  /** A counter; without {@code by}, its values are those of client id and limit key. */
  private record Key(long ruleId, Counter counter) {

    static Key of(DecisionEvent event, DecisionEvent.Limit limit) {
      return of(limit.ruleId(), limit.counter(), event.clientId(), event.limitKey());
    }

    static Key of(AdjustmentEvent event, AdjustmentEvent.Limit limit) {
      return of(limit.ruleId(), limit.counter(), event.clientId(), event.limitKey());
    }

    private static Key of(
        long ruleId, @Nullable Counter counter, String clientId, String limitKey) {
      return new Key(
          ruleId, counter == null ? new Counter(OWN, List.of(clientId, limitKey)) : counter);
    }
  }

  private static final class Bucket {
    private final DecisionEvent.Limit limit;
    private final Charges charges;

    Bucket(DecisionEvent.Limit limit) {
      this.limit = limit;
      this.charges = new Charges(limit.limit(), limit.windowSeconds());
    }
  }

  private final boolean healthy;
  private final Set<String> ids = new HashSet<>();
  private final Map<String, AdjustmentEvent> settlements = new HashMap<>();
  private final Map<Key, Bucket> buckets = new HashMap<>();
  private final List<String> faults = new ArrayList<>();
  private long allowed;

  /**
   * Creates a verifier for one run.
   *
   * @param healthy whether a degraded decision is a fault
   */
  public RunVerifier(boolean healthy) {
    this.healthy = healthy;
  }

  /** Adds a decision of the run. */
  public void take(DecisionEvent event) {
    if (!ids.add(event.decisionId())) {
      fault("published twice: " + event.decisionId());
      return;
    }
    allowed += event.allowed() ? 1 : 0;
    if (healthy && event.degraded()) {
      fault("degraded: " + event.decisionId() + ", " + event.degradedReason());
    }
    for (DecisionEvent.Limit limit : event.limits()) {
      DecisionEvent.Verdict verdict = limit.verdict();
      if (verdict != null && limit.algorithm().equals("token_bucket") && isFromStore(event)) {
        take(event, limit, verdict);
      }
    }
  }

  private static boolean isFromStore(DecisionEvent event) {
    return event.source().equals("redis") || event.source().equals("cache");
  }

  private void take(DecisionEvent event, DecisionEvent.Limit limit, DecisionEvent.Verdict verdict) {
    Charges charges = buckets.computeIfAbsent(Key.of(event, limit), _ -> new Bucket(limit)).charges;
    charges.checked(verdict.atMicros());
    if (verdict.charged()) {
      long start = event.decidedAtMicros() + event.spending().waitMicros();
      charges.charged(
          event.decisionId(),
          verdict.atMicros(),
          event.cost(),
          limit.terms().reserve(),
          Math.max(0, start - verdict.atMicros()));
    }
  }

  /** Adds a settlement of the run; other adjustments are ignored. */
  public void take(AdjustmentEvent event) {
    AdjustmentEvent.Settled settled = event.settled();
    if (settled != null && settlements.putIfAbsent(settled.decisionId(), event) != null) {
      fault("settled twice: " + settled.decisionId());
    }
  }

  /**
   * Returns the verdict, after all decisions were added.
   *
   * @param answered number of answers
   * @param allowedAnswers number of answers that allow the check
   */
  public Verdict verdict(long answered, long allowedAnswers) {
    if (ids.size() != answered) {
      fault("%,d answered but %,d published".formatted(answered, ids.size()));
    }
    if (allowed != allowedAnswers) {
      fault("%,d answered as allowed but %,d published so".formatted(allowedAnswers, allowed));
    }
    settlements.values().forEach(this::settle);
    buckets.forEach((key, bucket) -> verify(key, bucket));
    return new Verdict(answered, ids.size(), buckets.size(), faults);
  }

  private void settle(AdjustmentEvent event) {
    String decisionId = Objects.requireNonNull(event.settled()).decisionId();
    for (AdjustmentEvent.Limit limit : event.limits()) {
      Bucket bucket = buckets.get(Key.of(event, limit));
      if (bucket != null) {
        bucket.charges.gaveBack(decisionId, limit.givenBack());
        if (limit.taken() > 0) {
          bucket.charges.took(limit.atMicros(), limit.taken(), bucket.limit.terms().overdraft());
        }
      }
    }
  }

  private void verify(Key key, Bucket bucket) {
    DecisionEvent.Limit limit = bucket.limit;
    long burst = limit.burst() == null ? limit.limit() : limit.burst();
    long used = bucket.charges.maxUsed();
    if (used > burst * 1_000_000) {
      fault("%s used %d millionths of %d units".formatted(key.counter().values(), used, burst));
    }
    // Without the burst: an earlier run may have emptied the bucket.
    long due = bucket.charges.due() - 1;
    long units = bucket.charges.units();
    if (bucket.charges.checks() - units > SATURATED && units < due) {
      fault("%s got %d of %d units".formatted(key.counter().values(), units, due));
    }
  }

  private void fault(String fault) {
    if (faults.size() < MAX_FAULTS) {
      faults.add(fault);
    }
  }
}
