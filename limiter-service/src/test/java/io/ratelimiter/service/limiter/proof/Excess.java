package io.ratelimiter.service.limiter.proof;

import io.ratelimiter.schemas.DecisionEvent;
import io.ratelimiter.service.rules.Policy;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * By how many units a run with a fault exceeded the bounds of a healthy run. Charges of the store
 * and of fail mode local are added, each at its own time.
 */
public final class Excess {

  private record Charge(long atMicros, long cost, Policy policy) {}

  private Excess() {}

  /** Max units of each key beyond its bound; 0 for keys within it. */
  public static Map<LimitedKey, Long> of(Collection<DecisionEvent> decisions) {
    Map<LimitedKey, List<Charge>> charges = new LinkedHashMap<>();
    for (DecisionEvent event : decisions) {
      for (DecisionEvent.Limit limit : event.limits()) {
        DecisionEvent.Verdict verdict = limit.verdict();
        if (verdict != null && verdict.charged()) {
          charges
              .computeIfAbsent(LimitedKey.of(event, limit), _ -> new ArrayList<>())
              .add(new Charge(verdict.atMicros(), event.cost(), Uses.policy(limit)));
        }
      }
    }
    Map<LimitedKey, Long> excess = new LinkedHashMap<>();
    charges.forEach((key, ofKey) -> excess.put(key, max(ofKey)));
    return excess;
  }

  private static long max(List<Charge> charges) {
    charges.sort(Comparator.comparingLong(Charge::atMicros));
    Policy policy = charges.getFirst().policy();
    Meter meter = Meter.of(policy);
    long max = 0;
    for (Charge charge : charges) {
      meter.add(charge.atMicros(), charge.cost());
      max = Math.max(max, meter.beyond(policy.capacity()));
    }
    return max;
  }
}
