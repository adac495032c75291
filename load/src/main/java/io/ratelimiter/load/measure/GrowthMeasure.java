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
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongFunction;
import java.util.stream.DoubleStream;

/** B7: what a check costs as connections, clients, limits and rules grow. */
final class GrowthMeasure implements Measure {

  private static final int CONNECTIONS = 64;
  private static final double MAX = 1.5;
  private static final List<Integer> RULES = List.of(10, 1_000, 100_000);
  private static final CheckRequests CHECKS = CheckRequests.of(Clients.uniform(10_000));

  private record Point(String name, int connections, LongFunction<byte[]> requests) {}

  private final StringBuilder verdicts = new StringBuilder();

  @Override
  public List<String> ids() {
    return List.of("B7");
  }

  @Override
  public Section take(Plan plan, Report report) {
    verdicts.setLength(0);
    Map<String, List<Series>> axes = new LinkedHashMap<>();
    try (Stack stack = Stack.start(plan.settings())) {
      Running limiter = stack.startLimiter(new RuleFile(0));
      try (Rig rig = new Rig(stack, limiter)) {
        Subject edge = Subject.limiter(limiter);
        rig.warmUp(edge, CHECKS, plan.warmUp());
        axes.put("connections", runs(rig, plan, edge, connections()));
        axes.put("clients", runs(rig, plan, edge, clients()));
        axes.put("limits", runs(rig, plan, edge, limits()));
        verdicts.append(rig.verdict());
      }
      stack.stop(limiter);
      axes.put("rules", rules(stack, plan));
    }
    return section(plan, axes);
  }

  private static List<Point> connections() {
    return List.of(1, 8, 64, 512).stream()
        .map(connections -> new Point(connections.toString(), connections, CHECKS))
        .toList();
  }

  private static List<Point> clients() {
    return List.of(100, 1_000, 10_000, 100_000, 1_000_000).stream()
        .map(clients ->
            new Point(
                "%,d".formatted(clients), CONNECTIONS, CheckRequests.of(Clients.uniform(clients))))
        .toList();
  }

  private static List<Point> limits() {
    return RuleFile.LIMITS.stream()
        .map(limits ->
            new Point(
                limits.toString(),
                CONNECTIONS,
                CheckRequests.of(Clients.uniform(10_000), RuleFile.limits(limits), RuleFile.KEY)))
        .toList();
  }

  private List<Series> rules(Stack stack, Plan plan) {
    List<Series> all = new ArrayList<>();
    for (int rules : RULES) {
      Running limiter = stack.startLimiter(new RuleFile(rules));
      try (Rig rig = new Rig(stack, limiter)) {
        Subject edge = Subject.limiter(limiter);
        rig.warmUp(edge, CHECKS, plan.warmUp());
        all.addAll(
            runs(rig, plan, edge, List.of(new Point("%,d".formatted(rules), CONNECTIONS, CHECKS))));
        verdicts.append(rig.verdict());
      }
      stack.stop(limiter);
    }
    return all;
  }

  private static List<Series> runs(Rig rig, Plan plan, Subject edge, List<Point> points) {
    Duration each = plan.run().dividedBy(2);
    for (Point point : points) {
      var _ = rig.saturate(edge, point.connections(), point.requests(), each);
    }
    List<Series> all = points.stream().map(point -> new Series(point.name())).toList();
    for (int round = 0; round < plan.runs(); round++) {
      for (int i = 0; i < points.size(); i++) {
        Point point = points.get(i);
        all.get(i).add(rig.saturate(edge, point.connections(), point.requests(), each));
      }
    }
    return all;
  }

  private Section section(Plan plan, Map<String, List<Series>> axes) {
    Table table = new Table("what grows", "to", "checks/s", "CPU µs", "÷ the best", "Redis µs");
    List<Finding> findings = new ArrayList<>();
    Map<String, String> charts = new LinkedHashMap<>();
    axes.forEach((axis, all) -> {
      double best = cpu(all).min().orElse(Double.NaN);
      Chart chart = new Chart("CPU per check by " + axis, "µs", List.of("service", "Redis"));
      for (Series one : all) {
        table.row(
            axis,
            one.name(),
            one.perSecond().text("%,.0f"),
            one.cpu().text("%.1f"),
            "%.2f".formatted(one.cpu().median() / best),
            one.cpu("redis").text("%.1f"));
        chart.add(one.name(), List.of(one.cpu(), one.cpu("redis")));
      }
      charts.put("growth-" + axis, chart.svg());
      findings.add(axis.equals("limits") ? ofLimits(all) : ofAxis(axis, all, best));
    });
    return new Section(
        "B7",
        "Cost as the work grows",
        findings,
        "%s, half as long each.\n%s%s".formatted(plan.text(), table, verdicts),
        charts);
  }

  private static Finding ofAxis(String axis, List<Series> all, double best) {
    double worst = cpu(all).max().orElse(Double.NaN);
    return new Finding(
            "B7",
            "CPU per check, dearest ÷ cheapest, %s %s → %s"
                .formatted(axis, all.getFirst().name(), all.getLast().name()),
            "≤ 1.5",
            "%.2f".formatted(worst / best),
            worst / best <= MAX)
        .of(all.stream().map(Series::cpu).toArray(Spread[]::new));
  }

  /** The medians of the series that have a clean run. */
  private static DoubleStream cpu(List<Series> all) {
    return all.stream().mapToDouble(one -> one.cpu().median()).filter(Double::isFinite);
  }

  private static Finding ofLimits(List<Series> all) {
    Series one = all.getFirst();
    Series most = all.getLast();
    int more = RuleFile.LIMITS.getLast() - 1;
    double service = (most.cpu().median() - one.cpu().median()) / more;
    double redis = (most.cpu("redis").median() - one.cpu("redis").median()) / more;
    return new Finding(
            "B7",
            "CPU that one more limit costs the service ÷ what it costs Redis (%.1f ÷ %.1f µs)"
                .formatted(service, redis),
            "≤ 1.5",
            "%.2f".formatted(service / redis),
            service / redis <= MAX)
        .of(one.cpu(), most.cpu());
  }
}
