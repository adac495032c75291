package io.ratelimiter.service.limiter.proof;

import io.ratelimiter.schemas.DecisionEvent;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * The waits that the model finds, by decision: the longest of its enforcing limits. A decision that
 * is not charged has none.
 */
final class Waits {

  private final Map<String, Long> found = new HashMap<>();
  private final Set<String> leftOut = new HashSet<>();

  /** Adds the wait of one enforcing limit, microseconds from the decision. */
  void add(String decisionId, long micros) {
    found.merge(decisionId, micros, Math::max);
  }

  /** Leaves a decision out, of which a limit cannot be replayed. */
  void leaveOut(String decisionId) {
    leftOut.add(decisionId);
  }

  /** Compares the waits that the decisions of the store report. */
  void judge(Collection<DecisionEvent> decisions, Report report) {
    for (DecisionEvent event : decisions) {
      long reported = event.spending().waitMicros();
      if (!event.source().equals("redis")
          || reported == 0 && !found.containsKey(event.decisionId())) {
        continue;
      }
      if (leftOut.contains(event.decisionId())) {
        report.leftOut("waits of decisions with a key that is left out");
        continue;
      }
      long expected = Math.max(0, found.getOrDefault(event.decisionId(), 0L));
      if (reported != 0 || expected != 0) {
        report.judged("waits");
      }
      if (reported != expected) {
        report.fault(
            "%s reports a wait of %d µs, its limits have %d"
                .formatted(event.decisionId(), reported, expected));
      }
    }
  }
}
