package io.ratelimiter.service.limiter.proof;

import io.ratelimiter.schemas.DecisionEvent;
import io.ratelimiter.service.limiter.local.ModelKey;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Replays each key's events through the reference model at the times that they report: every
 * verdict, remainder, refund and reset must be the same. Each decision must also be all or nothing:
 * allowed exactly if all enforcing limits allow, a limit charged exactly if the check is allowed
 * and the limit allows.
 *
 * <p>Refunds, resets and rule changes are replayed too. Keys with a timed-out command or a rebase
 * are left out. Of a cached block the blocking limits are judged, unless units were given back less
 * than a second before.
 */
public final class Witness {

  private static final long CACHED_MICROS = 1_000_000;

  private final Report report;

  private Witness(Report report) {
    this.report = report;
  }

  /** Judges every decision and every key of the log. */
  public static Report judge(EventLog log) {
    Report report = new Report("witness", log.ignored());
    Witness witness = new Witness(report);
    log.decisions().forEach(witness::judgeDecision);
    for (Map.Entry<LimitedKey, List<Use>> entry : log.uses().entrySet()) {
      Set<String> marks = log.marks(entry.getKey());
      if (marks.isEmpty()) {
        report.judged("keys");
        witness.replay(entry.getKey(), entry.getValue());
      }
      marks.forEach(mark -> report.leftOut("keys: " + mark));
    }
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
          event.decisionId()
              + " reports allowed "
              + event.allowed()
              + ", its limits report "
              + allowed);
    }
    for (DecisionEvent.Limit limit : event.limits()) {
      DecisionEvent.Verdict verdict = limit.verdict();
      if (verdict != null && verdict.charged() != (allowed && verdict.allowed())) {
        report.fault(
            event.decisionId()
                + " reports charged "
                + verdict.charged()
                + " on rule "
                + limit.ruleId()
                + ", allowed "
                + allowed);
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
          model.evaluate(use.policy(), use.clockMicros(), use.atMicros(), Math.max(1, use.cost()));
      if (found.atMicros() != use.atMicros() && use.kind() != Use.Kind.CACHED) {
        report.fault(
            use.event() + " at " + use.atMicros() + " is not after the charge before: " + key);
      }
      if (use.adjusted()) {
        givenAt = use.atMicros();
      }
      compare(key, use, found, model);
    }
  }

  private void compare(LimitedKey key, Use use, ModelKey.Found found, ModelKey model) {
    if (found.allowed() != use.allowed() && !use.adjusted()) {
      report.fault(
          use.event()
              + " at "
              + use.atMicros()
              + " reports allowed "
              + use.allowed()
              + " with cost "
              + use.cost()
              + ", the model left "
              + found.remaining()
              + ": "
              + key);
    }
    long expected =
        switch (use.kind()) {
          case EVALUATED -> found.remaining();
          // It repeats the figures of the cached block.
          case CACHED -> use.units();
          case CHARGED -> model.take(use.policy(), use.cost());
          case REFUNDED -> model.give(use.policy(), use.cost());
          case RESET -> {
            long consumed = model.consumed();
            model.reset(use.policy());
            yield consumed;
          }
        };
    if (expected != use.units()) {
      report.fault(
          use.event()
              + " at "
              + use.atMicros()
              + " reports "
              + use.units()
              + " units "
              + (use.adjusted() ? "given back" : "left")
              + ", the model has "
              + expected
              + ": "
              + key);
    }
  }
}
