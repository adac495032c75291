package io.ratelimiter.load.measure;

import io.ratelimiter.load.harness.Harness;
import io.ratelimiter.load.harness.Run;
import io.ratelimiter.load.harness.RunSeries;
import io.ratelimiter.load.harness.Target;
import io.ratelimiter.load.http.CheckRequests;
import io.ratelimiter.load.http.Clients;
import io.ratelimiter.load.report.Chart;
import io.ratelimiter.load.report.Finding;
import io.ratelimiter.load.report.Report;
import io.ratelimiter.load.report.Section;
import io.ratelimiter.load.report.Spread;
import io.ratelimiter.load.report.Table;
import io.ratelimiter.load.stack.Metrics;
import io.ratelimiter.load.stack.RuleFile;
import io.ratelimiter.load.stack.Stack;
import io.ratelimiter.load.stack.Stack.Running;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * B1 and B2: processor time per check and checks per second, against E in the same round. All
 * checks are allowed and published; 10 000 clients, 64 connections. The targets hold without an
 * auditor on the same machine.
 */
final class SaturationMeasure implements Measure {

  private static final int CONNECTIONS = 64;
  private static final CheckRequests CHECKS = CheckRequests.of(Clients.uniform(10_000));
  private static final double MAX_CPU = 1.2;
  private static final double MIN_RATE = 0.70;

  private final boolean withAuditor;

  /**
   * The measure.
   *
   * @param withAuditor whether an auditor runs on the same machine
   */
  SaturationMeasure(boolean withAuditor) {
    this.withAuditor = withAuditor;
  }

  @Override
  public List<String> ids() {
    return withAuditor ? List.of("B2-auditor") : List.of("B1", "B2");
  }

  @Override
  public Section take(Plan plan, Report report) {
    try (Stack stack = Stack.start(plan.settings())) {
      Running empty = stack.startEmpty();
      Running limiter = stack.startLimiter(new RuleFile(0));
      Runnable beforeRun = withAuditor ? caughtUp(stack.startAuditor()) : () -> {};
      try (Harness harness = new Harness(stack, limiter, empty)) {
        List<Target> targets = List.of(Target.empty(empty), Target.limiter(limiter));
        List<RunSeries> all = runs(harness, plan, targets, beforeRun);
        return section(plan, report, all, harness.verdict());
      }
    }
  }

  private static Runnable caughtUp(Running auditor) {
    return () -> {
      try (Metrics metrics = new Metrics(auditor.port())) {
        metrics.awaitZero("auditor_lag_records");
      }
    };
  }

  private static List<RunSeries> runs(
      Harness harness, Plan plan, List<Target> targets, Runnable beforeRun) {
    for (Target target : targets) {
      harness.warmUp(target, CHECKS, plan.warmUp());
    }
    return RunSeries.take(
        plan.runs(),
        targets,
        Target::name,
        target -> {
          beforeRun.run();
          return harness.saturate(target, CONNECTIONS, CHECKS, plan.run());
        });
  }

  private Section section(Plan plan, Report report, List<RunSeries> all, String verdict) {
    RunSeries empty = all.getFirst();
    Table table =
        new Table(
            "",
            "answers/s",
            "÷ E",
            "CPU µs",
            "÷ E",
            "Redis µs",
            "broker µs",
            "load µs",
            "p50 ms",
            "p99 ms");
    for (RunSeries one : all) {
      table.row(
          one.name(),
          one.perSecond().text("%,.0f"),
          one.ratio(empty, Run::perSecond).text("%.2f"),
          one.cpu().text("%.1f"),
          one.ratio(empty, Run::cpuPerAnswer).text("%.2f"),
          "%.1f".formatted(one.cpu("redis").median()),
          "%.1f".formatted(one.cpu("kafka").median()),
          "%.1f".formatted(one.cpu("load").median()),
          "%.2f".formatted(one.millis(0.5).median()),
          "%.2f".formatted(one.millis(0.99).median()));
    }
    if (!withAuditor) {
      Spread rate = all.get(1).perSecond();
      report.keep(Map.of("B2.perSecond", rate.enough() ? rate.median() : Double.NaN));
    }
    return new Section(
        ids().getFirst(),
        withAuditor ? "Rate with the auditor running" : "(B2) Cost and rate at saturation",
        findings(all),
        plan.text() + ".\n" + table + verdict,
        charts(all));
  }

  private List<Finding> findings(List<RunSeries> all) {
    List<Finding> findings = new ArrayList<>();
    RunSeries empty = all.getFirst();
    for (RunSeries one : all.subList(1, all.size())) {
      Spread cpu = one.ratio(empty, Run::cpuPerAnswer);
      Spread rate = one.ratio(empty, Run::perSecond);
      String of = one.name() + (withAuditor ? ", auditor running" : "");
      String cost = "CPU per check ÷ E's per answer, " + of;
      String speed = "checks/s ÷ E's answers/s, " + of;
      if (!withAuditor) {
        findings.add(
            new Finding("B1", cost, "≤ 1.2", cpu.text("%.2f"), cpu.median() <= MAX_CPU).of(cpu));
        findings.add(
            new Finding("B2", speed, "≥ 0.70", rate.text("%.2f"), rate.median() >= MIN_RATE)
                .of(rate));
      } else {
        findings.add(Finding.withoutTarget("B1", cost, cpu.text("%.2f")));
        findings.add(Finding.withoutTarget("B2", speed, rate.text("%.2f")));
      }
    }
    return findings;
  }

  private Map<String, String> charts(List<RunSeries> all) {
    RunSeries empty = all.getFirst();
    Chart chart = new Chart("Against E, of the same round", "ratio", List.of("CPU", "rate"));
    all.forEach(one ->
        chart.add(
            one.name(),
            List.of(one.ratio(empty, Run::cpuPerAnswer), one.ratio(empty, Run::perSecond))));
    return Map.of(withAuditor ? "saturation-auditor" : "saturation", chart.svg());
  }
}
