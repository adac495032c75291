package io.ratelimiter.service.limiter.proof;

import io.ratelimiter.service.rules.Policy;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Judges a run by bounds that do not depend on the code of the algorithms. A fixed window and a
 * sliding window counter charge at most the limit in each window of the clock, an exact log in
 * every half-open interval of the window's length. For a bucket, the max over i ≤ j of Σc[i..j] −
 * (t_j − t_i)·L/W is at most its burst. Conversely, a limit blocks a cost only where it would
 * exceed that bound (a bucket: the bound less one unit, which allows for its rounding).
 *
 * <p>For a check of a lower priority the bound is less by the units that are kept from it. A check
 * that waits may exceed a bucket's bound by what is refilled until it starts. A charge counts at
 * its own time, less the units that its settlement gave back; what a settlement takes counts at the
 * time of the settlement, and may exceed any bound by the overdraft.
 *
 * <p>A bucket meets it if the debt, without the units that settlements have given back of earlier
 * charges, has been at least as large as what a settlement gives back ever since its charge. The
 * debt was then never used up without these units: after the settlement it is the same as if the
 * charge had been less from the beginning, and before it the checks found a larger debt than that.
 *
 * <p>Without settlements the bound of a bucket then holds for the times s = t + w at which checks
 * start, to within the refill of the microsecond to which w is rounded up. Of the checks that start
 * within [a, b], let i be the first charged and k the last: the debt after k contains them all and
 * is at most B from the start of k on, so also at b. It is at least Σc − (b − a)·L/W there, for if
 * t_i < a, then i still waits at a, so that the debt D that i found is not used up by then: D − (a
 * − t_i)·L/W ≥ B_i − c_i ≥ 0, where B_i is B less the units kept from i. A settlement shortens no
 * wait that was granted before: the sum may be larger by what was given back during the wait of i.
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
    if (uses.stream().anyMatch(use -> use.adjusted() && use.settled() == null)) {
      report.leftOut("keys: refunded or reset");
    } else if (uses.stream().map(Numbers::of).distinct().count() > 1) {
      report.leftOut("keys: rule changed");
    } else {
      report.judged("keys");
      walk(key, uses, marks.isEmpty());
    }
  }

  /** The numbers of a rule that the bound of its keys depends on. */
  private record Numbers(Policy policy, long ceiling) {
    static Numbers of(Use use) {
      return new Numbers(use.policy(), use.terms().ceiling(use.policy()));
    }
  }

  private void walk(LimitedKey key, List<Use> uses, boolean complete) {
    admissions(key, uses);
    if (complete && !(uses.getFirst().policy() instanceof Policy.SlidingWindowCounter)) {
      blocks(key, uses);
    } else {
      uses.stream()
          .filter(Bounds::blockedForRoom)
          .forEach(_ -> report.leftOut("blocks of keys with a timeout or a sliding counter"));
    }
  }

  /** Judges the charges, each less the units that its settlement gave back. */
  private void admissions(LimitedKey key, List<Use> uses) {
    Map<String, Long> given =
        uses.stream()
            .filter(use -> use.settled() != null)
            .collect(
                Collectors.toMap(
                    use -> Objects.requireNonNull(use.settled()).decisionId(),
                    Use::units,
                    Long::sum));
    Meter meter = Meter.of(uses.getFirst().policy());
    for (Use use : uses) {
      if (use.charged()) {
        report.judged("charges");
        meter.add(use.atMicros(), Math.max(0, use.cost() - given.getOrDefault(use.event(), 0L)));
        if (!meter.within(use.effective().capacity(), use.startsAfterMicros())) {
          report.fault("over-admission by " + at(use, key));
        }
      } else if (use.settled() != null) {
        settle(key, use, use.settled(), meter);
      }
    }
  }

  private void settle(LimitedKey key, Use use, Use.Settled settled, Meter meter) {
    report.judged("settlements");
    if (settled.taken() > 0) {
      meter.add(use.atMicros(), settled.taken());
      if (!meter.within(use.terms().settledCapacity(use.policy()), 0)) {
        report.fault("charged beyond the overdraft by " + at(use, key));
      }
    }
  }

  /** Judges the blocks. An estimate counts in full until it is settled. */
  private void blocks(LimitedKey key, List<Use> uses) {
    Map<String, Long> chargedAt = new HashMap<>();
    Meter meter = Meter.of(uses.getFirst().policy());
    for (Use use : uses) {
      Use.Settled settled = use.settled();
      if (use.charged()) {
        meter.add(use.atMicros(), use.cost());
        chargedAt.put(use.event(), use.atMicros());
      } else if (settled != null) {
        Long at = chargedAt.get(settled.decisionId());
        if (at != null) {
          meter.give(use.atMicros(), use.units(), at);
        }
        meter.add(use.atMicros(), settled.taken());
      } else if (blockedForRoom(use)) {
        block(key, use, meter);
      }
    }
  }

  private static boolean blockedForRoom(Use use) {
    return !use.allowed() && use.cost() <= use.effective().capacity();
  }

  private void block(LimitedKey key, Use use, Meter meter) {
    report.judged("blocks");
    long latest = Math.max(0, use.clockMicros() + use.terms().maxWaitMicros() - use.atMicros());
    if (meter.hasRoom(use.atMicros(), use.cost(), use.effective().capacity(), latest)) {
      report.fault("blocked without need " + at(use, key));
    }
  }

  private static String at(Use use, LimitedKey key) {
    return use.event() + " at " + use.atMicros() + ": " + key;
  }
}
