package io.ratelimiter.service.limiter.proof;

import io.ratelimiter.service.rules.Policy;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Judges a run by bounds that do not depend on the code of the algorithms. A fixed window and a
 * sliding window counter charge at most the limit in each window of the clock, an exact log in
 * every half-open interval of the window's length. For a bucket, the max over i ≤ j of Σc[i..j] −
 * (t_j − t_i)·L/W is at most its burst. Conversely, a limit blocks a cost only where it would
 * exceed that bound (a bucket: the bound less one unit, which allows for its rounding).
 *
 * <p>Only keys without refunds, resets, rebases and rule changes are judged. The blocks of a
 * sliding window counter are left to {@link Witness}. Where a command timed out, charges may be
 * missing, so only the upper bound is judged.
 */
public final class Bounds {

  private final Report report;

  private Bounds(Report report) {
    this.report = report;
  }

  /** Judges every key of the log. */
  public static Report judge(EventLog log) {
    Report report = new Report("bounds", log.ignored());
    Bounds bounds = new Bounds(report);
    for (Map.Entry<LimitedKey, List<Use>> entry : log.uses().entrySet()) {
      bounds.judge(entry.getKey(), entry.getValue(), log.marks(entry.getKey()));
    }
    return report;
  }

  private void judge(LimitedKey key, List<Use> uses, Set<String> marks) {
    for (String mark : marks) {
      if (!mark.equals(EventLog.TIMED_OUT)) {
        report.leftOut("keys: " + mark);
        return;
      }
    }
    if (uses.stream().anyMatch(Use::adjusted)) {
      report.leftOut("keys: refunded or reset");
    } else if (uses.stream().map(Use::policy).distinct().count() > 1) {
      report.leftOut("keys: rule changed");
    } else {
      report.judged("keys");
      walk(key, uses, marks.isEmpty());
    }
  }

  private void walk(LimitedKey key, List<Use> uses, boolean complete) {
    Policy policy = uses.getFirst().policy();
    Meter meter = Meter.of(policy);
    boolean blocksToo = complete && !(policy instanceof Policy.SlidingWindowCounter);
    for (Use use : uses) {
      if (use.charged()) {
        report.judged("charges");
        if (!meter.add(use.atMicros(), use.cost())) {
          report.fault("over-admission by " + use.event() + " at " + use.atMicros() + ": " + key);
        }
      } else if (use.allowed() || use.cost() > policy.capacity()) {
        continue;
      } else if (!blocksToo) {
        report.leftOut("blocks of keys with a timeout or a sliding counter");
      } else {
        report.judged("blocks");
        if (meter.hasRoom(use.atMicros(), use.cost())) {
          report.fault(
              "blocked without need " + use.event() + " at " + use.atMicros() + ": " + key);
        }
      }
    }
  }
}
