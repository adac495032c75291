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
import io.ratelimiter.load.stack.RuleFile;
import io.ratelimiter.load.stack.Stack;
import io.ratelimiter.load.stack.Stack.Running;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongFunction;

/** B5: rate of blocked, hot, mixed and Zipf-distributed clients against 10 000 allowed clients. */
final class BlockedMeasure implements Measure {

  private static final int CONNECTIONS = 64;
  private static final double MIN_BLOCKED = 1.5;
  private static final double MIN_HOT = 0.9;
  private static final String MANY = "10 000 clients, allowed";
  private static final String BLOCKED = "one client, blocked";
  private static final String HOT = "one client, allowed";

  private static final CheckRequests FREE = CheckRequests.of(Clients.uniform(10_000));

  /** Checks at about ten times the rate of their limits. */
  private static final CheckRequests TIGHT =
      CheckRequests.of(Clients.uniform(100), RuleFile.TIGHT, "global");

  @Override
  public List<String> ids() {
    return List.of("B5");
  }

  private static Map<String, LongFunction<byte[]>> loads() {
    Map<String, LongFunction<byte[]>> loads = new LinkedHashMap<>();
    loads.put(MANY, FREE);
    loads.put(BLOCKED, CheckRequests.of(Clients.one(), RuleFile.ONCE, "global"));
    loads.put(HOT, CheckRequests.of(Clients.one()));
    loads.put("half of them blocked", number -> (number % 2 == 0 ? FREE : TIGHT).apply(number));
    loads.put("99 % blocked", number -> (number % 100 == 0 ? FREE : TIGHT).apply(number));
    loads.put("Zipf 1.1, 10⁶ clients, allowed", CheckRequests.of(Clients.zipf(1_000_000, 1.1)));
    return loads;
  }

  @Override
  public Section take(Plan plan, Report report) {
    try (Stack stack = Stack.start(plan.settings())) {
      Running limiter = stack.startLimiter(new RuleFile(0));
      try (Harness harness = new Harness(stack, limiter)) {
        return section(plan, runs(harness, plan, Target.limiter(limiter)), harness.verdict());
      }
    }
  }

  private static List<RunSeries> runs(Harness harness, Plan plan, Target target) {
    Map<String, LongFunction<byte[]>> loads = loads();
    loads.values().forEach(load -> harness.warmUp(target, load, plan.warmUp().dividedBy(3)));
    return RunSeries.take(
        plan.runs(),
        List.copyOf(loads.entrySet()),
        Map.Entry::getKey,
        load -> harness.saturate(target, CONNECTIONS, load.getValue(), plan.run()));
  }

  private static Section section(Plan plan, List<RunSeries> all, String verdict) {
    Table table = new Table("checks", "checks/s", "÷ the first", "CPU µs", "Redis µs");
    List<Finding> findings = new ArrayList<>();
    Chart chart =
        new Chart("Checks/s against 10 000 allowed clients", "ratio", List.of(Target.LIMITER));
    RunSeries base = all.getFirst();
    for (RunSeries one : all) {
      Spread ratio = one.ratio(base, Run::perSecond);
      table.row(
          one.name(),
          one.perSecond().text("%,.0f"),
          ratio.text("%.2f"),
          one.cpu().text("%.1f"),
          "%.1f".formatted(one.cpu("redis").median()));
      chart.add(one.name(), List.of(ratio));
    }
    findings.add(finding("blocked client ÷ allowed", all.get(1), base, MIN_BLOCKED));
    findings.add(finding("one hot client ÷ 10 000", all.get(2), base, MIN_HOT));
    return new Section(
        "B5",
        "Blocked clients, hot clients, mixes",
        findings,
        plan.text() + ", 64 connections.\n" + table + verdict,
        Map.of("blocked", chart.svg()));
  }

  private static Finding finding(String what, RunSeries series, RunSeries base, double min) {
    Spread ratio = series.ratio(base, Run::perSecond);
    return new Finding(
            "B5",
            what + " checks/s",
            "≥ %.1f".formatted(min),
            ratio.text("%.2f"),
            ratio.median() >= min)
        .of(ratio);
  }
}
