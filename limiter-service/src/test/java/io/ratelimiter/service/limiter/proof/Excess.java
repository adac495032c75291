package io.ratelimiter.service.limiter.proof;

import io.ratelimiter.schemas.DecisionEvent;
import io.ratelimiter.service.rules.Algorithm;
import io.ratelimiter.service.rules.Policy;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/**
 * How far a run went beyond the bounds that a healthy one keeps, in units: what a fault cost. The
 * charges of the store and of fail mode local are added up together, by their own times.
 */
public final class Excess {

  private record Charge(long atMicros, long cost, Policy policy) {}

  private Excess() {}

  /** The most units that each key ever stood beyond its bound; keys within it have 0. */
  public static Map<LimitedKey, Long> of(Collection<DecisionEvent> decisions) {
    Map<LimitedKey, List<Charge>> charges = new LinkedHashMap<>();
    for (DecisionEvent event : decisions) {
      for (DecisionEvent.Limit limit : event.limits()) {
        DecisionEvent.Verdict verdict = limit.verdict();
        if (verdict != null && verdict.charged()) {
          charges
              .computeIfAbsent(LimitedKey.of(event, limit), _ -> new ArrayList<>())
              .add(new Charge(verdict.atMicros(), event.cost(), policy(limit)));
        }
      }
    }
    Map<LimitedKey, Long> excess = new LinkedHashMap<>();
    charges.forEach((key, ofKey) -> excess.put(key, most(ofKey)));
    return excess;
  }

  private static long most(List<Charge> charges) {
    charges.sort(Comparator.comparingLong(Charge::atMicros));
    Meter meter = Meter.of(charges.getFirst().policy());
    long most = 0;
    for (Charge charge : charges) {
      meter.add(charge.atMicros(), charge.cost());
      most = Math.max(most, meter.beyond());
    }
    return most;
  }

  private static Policy policy(DecisionEvent.Limit limit) {
    Long burst = limit.burst();
    return Policy.of(
        Algorithm.named(limit.algorithm()).orElseThrow(),
        limit.limit(),
        limit.windowSeconds(),
        burst == null ? OptionalLong.empty() : OptionalLong.of(burst));
  }
}
