package io.ratelimiter.load.verdict;

import io.ratelimiter.schemas.DecisionEvent;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Judges a run by the decisions that it left on the topic: as many as were answered, none twice, of
 * the verdicts that were answered, and every token bucket within its bound; of a bucket that was
 * asked all the time, also that it gave what it had.
 */
public final class Judge {

  private static final int MAX_FAULTS = 5;

  /** A bucket refused so often was asked all the time. */
  private static final int SATURATED = 100;

  private record Key(long ruleId, String client, String limitKey) {}

  private static final class Bucket {
    private final DecisionEvent.Limit limit;
    private final Charges charges = new Charges();

    Bucket(DecisionEvent.Limit limit) {
      this.limit = limit;
    }
  }

  private final boolean healthy;
  private final Set<String> ids = new HashSet<>();
  private final Map<Key, Bucket> buckets = new HashMap<>();
  private final List<String> faults = new ArrayList<>();
  private long allowed;

  /**
   * Judges one run.
   *
   * @param healthy whether every decision must be the store's
   */
  public Judge(boolean healthy) {
    this.healthy = healthy;
  }

  /** One decision of the run. */
  public void take(DecisionEvent event) {
    if (!ids.add(event.decisionId())) {
      fault("told twice: " + event.decisionId());
      return;
    }
    allowed += event.allowed() ? 1 : 0;
    if (healthy && event.degraded()) {
      fault("degraded: " + event.decisionId() + ", " + event.degradedReason());
    }
    for (DecisionEvent.Limit limit : event.limits()) {
      DecisionEvent.Verdict verdict = limit.verdict();
      if (verdict != null && limit.algorithm().equals("token_bucket") && isStores(event)) {
        take(event, limit, verdict);
      }
    }
  }

  private static boolean isStores(DecisionEvent event) {
    return event.source().equals("redis") || event.source().equals("cache");
  }

  private void take(DecisionEvent event, DecisionEvent.Limit limit, DecisionEvent.Verdict verdict) {
    Charges charges =
        buckets.computeIfAbsent(
                new Key(limit.ruleId(), event.clientId(), event.limitKey()), _ -> new Bucket(limit))
            .charges;
    charges.asked(verdict.atMicros());
    if (verdict.charged()) {
      charges.charged(verdict.atMicros(), event.cost());
    }
  }

  /**
   * The verdict, once all was read.
   *
   * @param answered decisions that callers were given
   * @param allowedAnswers of them, those that allow
   */
  public Verdict verdict(long answered, long allowedAnswers) {
    if (ids.size() != answered) {
      fault("%,d were answered and %,d told".formatted(answered, ids.size()));
    }
    if (allowed != allowedAnswers) {
      fault("%,d were allowed and %,d told so".formatted(allowedAnswers, allowed));
    }
    buckets.forEach((key, bucket) -> judge(key, bucket));
    return new Verdict(answered, ids.size(), buckets.size(), faults);
  }

  private void judge(Key key, Bucket bucket) {
    DecisionEvent.Limit limit = bucket.limit;
    long burst = limit.burst() == null ? limit.limit() : limit.burst();
    long most = bucket.charges.most(limit.limit(), limit.windowSeconds());
    if (most > burst * 1_000_000) {
      fault("%s took %d millionths of %d units".formatted(key.client(), most, burst));
    }
    // What an earlier run took is not known here: the bucket may have been empty at the begin.
    long due = bucket.charges.units(limit.limit(), limit.windowSeconds(), 0) - 1;
    long units = bucket.charges.units();
    if (bucket.charges.asked() - units > SATURATED && units < due) {
      fault("%s got %d units of %d".formatted(key.client(), units, due));
    }
  }

  private void fault(String fault) {
    if (faults.size() < MAX_FAULTS) {
      faults.add(fault);
    }
  }
}
