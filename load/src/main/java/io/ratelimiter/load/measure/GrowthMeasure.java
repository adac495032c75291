package io.ratelimiter.load.measure;

import io.ratelimiter.load.harness.Harness;
import io.ratelimiter.load.harness.Run;
import io.ratelimiter.load.harness.RunSeries;
import io.ratelimiter.load.harness.Target;
import io.ratelimiter.load.http.CheckRequests;
import io.ratelimiter.load.http.Clients;
import io.ratelimiter.load.http.OpenLoop;
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
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.LongFunction;
import java.util.stream.DoubleStream;

/**
 * B7: processor time per check over the number of connections, clients, limits, layers and rules.
 */
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
    Map<String, List<RunSeries>> axes = new LinkedHashMap<>();
    try (Stack stack = Stack.start(plan.settings())) {
      Running limiter = stack.startLimiter(new RuleFile(0));
      try (Harness harness = new Harness(stack, limiter)) {
        Target target = Target.limiter(limiter);
        harness.warmUp(target, CHECKS, plan.warmUp());
        axes.put("connections", runs(harness, plan, target, connections()));
        axes.put("clients", runs(harness, plan, target, clients()));
        axes.put("limits", runs(harness, plan, target, limits(target)));
        axes.put("layers", runs(harness, plan, target, layers(target)));
        verdicts.append(harness.verdict());
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

  private static List<Point> limits(Target target) {
    return RuleFile.LIMITS.stream()
        .map(limits -> limits(target, RuleFile.limits(limits), limits))
        .toList();
  }

  private static List<Point> layers(Target target) {
    return RuleFile.LAYERS.stream()
        .map(layers -> limits(target, RuleFile.layers(layers), layers))
        .toList();
  }

  private static Point limits(Target target, String tenant, int limits) {
    CheckRequests checks = CheckRequests.of(Clients.uniform(10_000), tenant, RuleFile.KEY);
    requireLimits(target.load(1, checks), limits);
    return new Point(String.valueOf(limits), CONNECTIONS, checks);
  }

  /**
   * Sends ten checks. Without this, rules that do not match would give a plausible figure. Blocks
   * for a second.
   *
   * @throws IllegalStateException if a check does not have this number of limits
   */
  static void requireLimits(OpenLoop.Load checks, int limits) {
    Set<Integer> found = new TreeSet<>();
    var _ = OpenLoop.run(checks, 10, Duration.ofSeconds(1), answer -> found.add(answer.limits()));
    if (!found.equals(Set.of(limits))) {
      throw new IllegalStateException("checks of %d limits have %s".formatted(limits, found));
    }
  }

  private List<RunSeries> rules(Stack stack, Plan plan) {
    List<RunSeries> all = new ArrayList<>();
    for (int rules : RULES) {
      Running limiter = stack.startLimiter(new RuleFile(rules));
      try (Harness harness = new Harness(stack, limiter)) {
        Target target = Target.limiter(limiter);
        harness.warmUp(target, CHECKS, plan.warmUp());
        all.addAll(
            runs(
                harness,
                plan,
                target,
                List.of(new Point("%,d".formatted(rules), CONNECTIONS, CHECKS))));
        verdicts.append(harness.verdict());
      }
      stack.stop(limiter);
    }
    return all;
  }

  private static List<RunSeries> runs(
      Harness harness, Plan plan, Target target, List<Point> points) {
    Duration each = plan.run().dividedBy(2);
    Function<Point, Run> run =
        point -> harness.saturate(target, point.connections(), point.requests(), each);
    points.forEach(point -> {
      var _ = run.apply(point);
    });
    return RunSeries.take(plan.runs(), points, Point::name, run);
  }

  private Section section(Plan plan, Map<String, List<RunSeries>> axes) {
    Table table = new Table("number of", "value", "checks/s", "CPU µs", "÷ min", "Redis µs");
    List<Finding> findings = new ArrayList<>();
    Map<String, String> charts = new LinkedHashMap<>();
    axes.forEach((axis, all) -> {
      double best = cpu(all).min().orElse(Double.NaN);
      Chart chart = new Chart("CPU per check by " + axis, "µs", List.of("service", "Redis"));
      for (RunSeries one : all) {
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
      findings.add(
          switch (axis) {
            case "limits" -> ofLimits(all);
            case "layers" -> ofLayers(all, axes.getOrDefault("limits", List.of()));
            default -> ofAxis(axis, all, best);
          });
    });
    return new Section(
        "B7",
        "Cost over connections, clients, limits, layers and rules",
        findings,
        "%s; runs of half that length.\n%s%s".formatted(plan.text(), table, verdicts),
        charts);
  }

  private static Finding ofAxis(String axis, List<RunSeries> all, double best) {
    double worst = cpu(all).max().orElse(Double.NaN);
    return new Finding(
            "B7",
            "CPU per check, max ÷ min, %s %s → %s"
                .formatted(axis, all.getFirst().name(), all.getLast().name()),
            "≤ 1.5",
            "%.2f".formatted(worst / best),
            worst / best <= MAX)
        .of(all.stream().map(RunSeries::cpu).toArray(Spread[]::new));
  }

  /** The medians of the series that have a clean run. */
  private static DoubleStream cpu(List<RunSeries> all) {
    return all.stream().mapToDouble(one -> one.cpu().median()).filter(Double::isFinite);
  }

  private static Finding ofLimits(List<RunSeries> limits) {
    return ratio(
        "CPU of the service for one more limit ÷ CPU of Redis for it",
        perStep(limits, RuleFile.LIMITS, RunSeries::cpu),
        perStep(limits, RuleFile.LIMITS, one -> one.cpu("redis")),
        limits);
  }

  private static Finding ofLayers(List<RunSeries> layers, List<RunSeries> limits) {
    return ratio(
        "CPU of the service for one more limit in another layer ÷ in the same",
        perStep(layers, RuleFile.LAYERS, RunSeries::cpu),
        perStep(limits, RuleFile.LIMITS, RunSeries::cpu),
        layers);
  }

  /** The mean increase for each limit between the first and the last number of limits, µs. */
  private static double perStep(
      List<RunSeries> all, List<Integer> numbers, Function<RunSeries, Spread> cpu) {
    double increase = cpu.apply(all.getLast()).median() - cpu.apply(all.getFirst()).median();
    return increase / (numbers.getLast() - numbers.getFirst());
  }

  private static Finding ratio(String name, double micros, double base, List<RunSeries> all) {
    return new Finding(
            "B7",
            "%s (%.1f ÷ %.1f µs)".formatted(name, micros, base),
            "≤ 1.5",
            "%.2f".formatted(micros / base),
            micros / base <= MAX)
        .of(all.getFirst().cpu(), all.getLast().cpu());
  }
}
