package io.ratelimiter.service.limiter.proof;

import io.ratelimiter.schemas.DecisionEvent;
import io.ratelimiter.service.limiter.local.ModelKey;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * Replays each key's events through the reference model at the times that they report: every
 * verdict, remainder, wait, refund, reset and settlement must be the same. Each decision must also
 * be all or nothing: allowed exactly if all enforcing limits allow, a limit charged exactly if the
 * check is allowed and the limit allows.
 *
 * <p>Refunds, resets, settlements and rule changes are replayed too. Keys with a timed-out command
 * or a rebase are left out. Of a cached block the blocking limits are judged, unless units were
 * given back less than a second before.
 */
public final class Witness {

  private static final long CACHED_MICROS = 1_000_000;

  private final Report report;
  private final Set<String> settled;
  private final Waits waits = new Waits();

  /**
   * A witness of one run.
   *
   * @param settled ids of the decisions that are settled
   */
  private Witness(Report report, Set<String> settled) {
    this.report = report;
    this.settled = settled;
  }

  /** Judges every decision and every key of the log. */
  public static Report judge(EventLog log) {
    Report report = new Report("witness", log.ignored());
    Witness witness = new Witness(report, log.settlements().keySet());
    log.decisions().forEach(witness::judgeDecision);
    Settlements.judge(log, report);
    for (Map.Entry<LimitedKey, List<Use>> entry : log.uses().entrySet()) {
      Set<String> marks = log.marks(entry.getKey());
      if (marks.isEmpty()) {
        report.judged("keys");
        witness.replay(entry.getKey(), entry.getValue());
      } else {
        entry.getValue().forEach(use -> witness.waits.leaveOut(use.event()));
      }
      marks.forEach(mark -> report.leftOut("keys: " + mark));
    }
    witness.waits.judge(log.decisions(), report);
    return report;
  }

  private void judgeDecision(DecisionEvent event) {
    if (event.allowed() && event.limits().stream().anyMatch(Witness::bans)) {
      report.fault(event.decisionId() + " reports allowed true despite a limit of 0");
    }
    if (!event.source().equals("redis")) {
      return;
    }
    report.judged("decisions");
    boolean allowed = true;
    for (DecisionEvent.Limit limit : event.limits()) {
      DecisionEvent.Verdict verdict = limit.verdict();
      allowed &= verdict != null && (verdict.allowed() || limit.mode().equals("shadow"));
    }
    if (event.allowed() != allowed) {
      report.fault(
          "%s reports allowed %s, its limits report %s"
              .formatted(event.decisionId(), event.allowed(), allowed));
    }
    for (DecisionEvent.Limit limit : event.limits()) {
      DecisionEvent.Verdict verdict = limit.verdict();
      if (verdict != null && verdict.charged() != (allowed && verdict.allowed())) {
        report.fault(
            "%s reports charged %s on rule %d, allowed %s"
                .formatted(event.decisionId(), verdict.charged(), limit.ruleId(), allowed));
      }
    }
  }

  private static boolean bans(DecisionEvent.Limit limit) {
    return limit.limit() == 0 && limit.mode().equals("enforce");
  }

  private void replay(LimitedKey key, List<Use> uses) {
    ModelKey model = new ModelKey(uses.getFirst().policy());
    long givenAt = Long.MIN_VALUE / 2;
    for (Use use : uses) {
      if (use.kind() == Use.Kind.CACHED && use.atMicros() - givenAt < CACHED_MICROS) {
        report.leftOut("cached blocks less than a second after units were given back");
        continue;
      }
      report.judged(use.adjusted() ? "adjustments" : "verdicts");
      ModelKey.Found found =
          model.evaluate(
              use.effective(),
              use.terms().ceiling(use.policy()),
              use.clockMicros(),
              use.atMicros(),
              Math.max(1, use.cost()));
      if (found.atMicros() != use.atMicros() && use.kind() != Use.Kind.CACHED) {
        report.fault(at(use) + " is not after the charge before: " + key);
      }
      if (use.adjusted()) {
        givenAt = use.atMicros();
      } else {
        judgeVerdict(key, use, found);
      }
      compare(key, use, found, model);
    }
  }

  private void judgeVerdict(LimitedKey key, Use use, ModelKey.Found found) {
    long wait = found.startAfterMicros();
    if (wait > 0) {
      // The caller waits on the store's clock, which may be behind the key's own time.
      wait += found.atMicros() - use.clockMicros();
    }
    boolean allowed = wait >= 0 && wait <= use.terms().maxWaitMicros();
    if (use.charged() && use.enforcing()) {
      waits.add(use.event(), wait);
    }
    if (allowed != use.allowed()) {
      report.fault(
          "%s reports allowed %s with cost %d, the model left %d and a wait of %d µs: %s"
              .formatted(at(use), use.allowed(), use.cost(), found.remaining(), wait, key));
    }
  }

  private void compare(LimitedKey key, Use use, ModelKey.Found found, ModelKey model) {
    long expected =
        switch (use.kind()) {
          case EVALUATED -> found.remaining();
          // It repeats the figures of the cached block.
          case CACHED -> use.units();
          case CHARGED -> charge(use, model);
          case REFUNDED -> model.give(use.policy(), use.cost());
          case SETTLED -> settle(key, use, model);
          case RESET -> {
            long consumed = model.consumed();
            model.reset(use.policy());
            yield consumed;
          }
        };
    if (expected != use.units()) {
      report.fault(
          "%s reports %d units %s, the model has %d: %s"
              .formatted(
                  at(use), use.units(), use.adjusted() ? "given back" : "left", expected, key));
    }
  }

  /** Returns the units left. */
  private long charge(Use use, ModelKey model) {
    long left = model.take(use.effective(), use.cost());
    if (settled.contains(use.event())) {
      model.remember(use.event());
    }
    return left;
  }

  /** Returns the units given back. */
  private long settle(LimitedKey key, Use use, ModelKey model) {
    Use.Settled by = Objects.requireNonNull(use.settled());
    long more = use.cost() - by.estimate();
    if (more < 0) {
      return model.giveOf(use.policy(), by.decisionId(), -more);
    }
    long taken = model.takeUpTo(use.policy(), use.terms().settledCapacity(use.policy()), more);
    if (taken != by.taken()) {
      report.fault(
          "%s reports %d units taken, the model has room for %d: %s"
              .formatted(at(use), by.taken(), taken, key));
    }
    return 0;
  }

  private static String at(Use use) {
    return use.event() + " at " + use.atMicros();
  }
}
