package io.ratelimiter.load.measure;

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

/**
 * B3: how long callers wait at 5 000 checks a second, all servers and the auditor on the machine.
 */
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
      try (Rig rig = new Rig(stack, limiter, empty, auditor)) {
        List<Subject> subjects = List.of(Subject.empty(empty), Subject.limiter(limiter));
        List<Series> all = runs(rig, plan, subjects);
        return section(plan, all, rig.verdict());
      }
    }
  }

  private static List<Series> runs(Rig rig, Plan plan, List<Subject> subjects) {
    for (Subject subject : subjects) {
      rig.warmUp(subject, CHECKS, plan.warmUp());
      // The auditor compiles its code on the same cores.
      var _ = rig.offer(subject, PER_SECOND, CHECKS, plan.warmUp());
    }
    List<Series> all = subjects.stream().map(subject -> new Series(subject.name())).toList();
    for (int round = 0; round < plan.runs(); round++) {
      for (int i = 0; i < subjects.size(); i++) {
        all.get(i).add(rig.offer(subjects.get(i), PER_SECOND, CHECKS, plan.run()));
      }
    }
    return all;
  }

  private static Section section(Plan plan, List<Series> all, String verdict) {
    Table table =
        new Table("", "p50 ms", "p90 ms", "p95 ms", "p99 ms", "p99.9 ms", "most ms", "CPU µs");
    List<Finding> findings = new ArrayList<>();
    for (Series one : all) {
      List<Object> cells = new ArrayList<>(List.of(one.name()));
      QUANTILES.forEach(quantile -> cells.add(one.millis(quantile).text("%.2f")));
      cells.add(one.millis(1).text("%.1f"));
      cells.add(one.cpu().text("%.0f"));
      table.row(cells.toArray());
    }
    for (Series one : all.subList(1, all.size())) {
      findings.add(finding(one, 0.95, MAX_P95_MILLIS));
      findings.add(finding(one, 0.99, MAX_P99_MILLIS));
    }
    return new Section(
        "B3",
        "Latency at %,d checks/s offered, auditor running".formatted(PER_SECOND),
        findings,
        plan.text()
            + "; open loop, 64 connections, times from when a check was due.\n"
            + table
            + verdict,
        Map.of("latency", chart(all)));
  }

  private static Finding finding(Series one, double quantile, double most) {
    Spread millis = one.millis(quantile);
    return new Finding(
            "B3",
            "p%.0f at 5 000 checks/s, %s".formatted(quantile * 100, one.name()),
            "≤ %.1f ms".formatted(most),
            millis.text("%.2f ms"),
            millis.median() <= most)
        .of(millis);
  }

  private static String chart(List<Series> all) {
    Chart chart =
        new Chart("Time of a check at 5 000/s", "ms", all.stream().map(Series::name).toList());
    for (double quantile : QUANTILES) {
      chart.add("p" + quantile * 100, all.stream().map(series -> series.millis(quantile)).toList());
    }
    return chart.svg();
  }
}
