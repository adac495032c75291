package io.ratelimiter.load.measure;

import io.ratelimiter.load.harness.Harness;
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
import io.ratelimiter.load.stack.RuleFile;
import io.ratelimiter.load.stack.Stack;
import io.ratelimiter.load.stack.Stack.Running;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** B3: latency at 5 000 checks/s, with all servers and the auditor on the same machine. */
final class LatencyMeasure implements Measure {

  private static final int PER_SECOND = 5_000;
  private static final double MAX_P95_MILLIS = 3.5;
  private static final double MAX_P99_MILLIS = 10;
  private static final List<Double> QUANTILES = List.of(0.5, 0.9, 0.95, 0.99, 0.999);
  private static final CheckRequests CHECKS = CheckRequests.of(Clients.uniform(10_000));

  @Override
  public List<String> ids() {
    return List.of("B3");
  }

  @Override
  public Section take(Plan plan, Report report) {
    try (Stack stack = Stack.start(plan.settings())) {
      Running empty = stack.startEmpty();
      Running limiter = stack.startLimiter(new RuleFile(0));
      Running auditor = stack.startAuditor();
      try (Harness harness = new Harness(stack, limiter, empty, auditor)) {
        List<Target> targets = List.of(Target.empty(empty), Target.limiter(limiter));
        List<RunSeries> all = runs(harness, plan, targets);
        return section(plan, all, harness.verdict());
      }
    }
  }

  private static List<RunSeries> runs(Harness harness, Plan plan, List<Target> targets) {
    for (Target target : targets) {
      harness.warmUp(target, CHECKS, plan.warmUp());
      // The auditor's JVM compiles on the same cores meanwhile.
      var _ = harness.offer(target, PER_SECOND, CHECKS, plan.warmUp());
    }
    return RunSeries.take(
        plan.runs(),
        targets,
        Target::name,
        target -> harness.offer(target, PER_SECOND, CHECKS, plan.run()));
  }

  private static Section section(Plan plan, List<RunSeries> all, String verdict) {
    Table table =
        new Table("", "p50 ms", "p90 ms", "p95 ms", "p99 ms", "p99.9 ms", "max ms", "CPU µs");
    List<Finding> findings = new ArrayList<>();
    for (RunSeries one : all) {
      List<Object> cells = new ArrayList<>(List.of(one.name()));
      QUANTILES.forEach(quantile -> cells.add(one.millis(quantile).text("%.2f")));
      cells.add(one.millis(1).text("%.1f"));
      cells.add(one.cpu().text("%.0f"));
      table.row(cells.toArray());
    }
    for (RunSeries one : all.subList(1, all.size())) {
      findings.add(finding(one, 0.95, MAX_P95_MILLIS));
      findings.add(finding(one, 0.99, MAX_P99_MILLIS));
    }
    return new Section(
        "B3",
        "Latency at %,d checks/s offered, auditor running".formatted(PER_SECOND),
        findings,
        plan.text()
            + "; open loop, 64 connections, times counted from when a check was due.\n"
            + table
            + verdict,
        Map.of("latency", chart(all)));
  }

  private static Finding finding(RunSeries one, double quantile, double max) {
    Spread millis = one.millis(quantile);
    return new Finding(
            "B3",
            "p%.0f at 5 000 checks/s, %s".formatted(quantile * 100, one.name()),
            "≤ %.1f ms".formatted(max),
            millis.text("%.2f ms"),
            millis.median() <= max)
        .of(millis);
  }

  private static String chart(List<RunSeries> all) {
    Chart chart =
        new Chart("Time of a check at 5 000/s", "ms", all.stream().map(RunSeries::name).toList());
    for (double quantile : QUANTILES) {
      chart.add("p" + quantile * 100, all.stream().map(series -> series.millis(quantile)).toList());
    }
    return chart.svg();
  }
}
