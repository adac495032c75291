package io.ratelimiter.load.measure;

import io.ratelimiter.load.harness.Harness;
import io.ratelimiter.load.harness.Run;
import io.ratelimiter.load.harness.RunSeries;
import io.ratelimiter.load.harness.Target;
import io.ratelimiter.load.http.CheckRequests;
import io.ratelimiter.load.http.Clients;
import io.ratelimiter.load.http.Measured;
import io.ratelimiter.load.http.OpenLoop;
import io.ratelimiter.load.report.Finding;
import io.ratelimiter.load.report.Report;
import io.ratelimiter.load.report.Section;
import io.ratelimiter.load.report.Spread;
import io.ratelimiter.load.report.Table;
import io.ratelimiter.load.stack.RuleFile;
import io.ratelimiter.load.stack.Stack;
import io.ratelimiter.load.stack.Stack.Running;
import io.ratelimiter.load.verdict.Verdict;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/** B10: the slowest answer while Redis is paused for 5 s under 20 checks/s. */
final class PausedStoreMeasure implements Measure {

  private static final int PER_SECOND = 20;
  private static final int TIMEOUT_MILLIS = 50;
  private static final double MAX_MILLIS = TIMEOUT_MILLIS + 50;
  private static final Duration PAUSE = Duration.ofSeconds(5);
  private static final Duration BEFORE_AND_AFTER = Duration.ofSeconds(2);
  private static final CheckRequests CHECKS = CheckRequests.of(Clients.uniform(100));

  private final List<Verdict> verdicts = new ArrayList<>();

  @Override
  public List<String> ids() {
    return List.of("B10");
  }

  @Override
  public Section take(Plan plan, Report report) {
    verdicts.clear();
    Stack.Settings settings =
        plan.settings().with("REDIS_TIMEOUT_MS", String.valueOf(TIMEOUT_MILLIS));
    Table table = new Table("", "slowest answer ms", "p50 ms");
    List<Finding> findings = new ArrayList<>();
    try (Stack stack = Stack.start(settings)) {
      Running limiter = stack.startLimiter(new RuleFile(0));
      try (Harness harness = new Harness(stack, limiter)) {
        Target target = Target.limiter(limiter);
        harness.warmUp(target, CHECKS, plan.warmUp());
        RunSeries runs = new RunSeries(target.name());
        for (int round = 0; round < plan.runs(); round++) {
          runs.add(pause(stack, harness, target));
        }
        findings.add(finding(runs, table));
      }
    }
    return new Section(
        "B10",
        "Redis paused for 5 s under 20 checks/s",
        findings,
        "%d runs, `REDIS_TIMEOUT_MS=%d`.\n%s%s"
            .formatted(plan.runs(), TIMEOUT_MILLIS, table, Harness.verdict(verdicts, 0)),
        Map.of());
  }

  private Run pause(Stack stack, Harness harness, Target target) {
    harness.begin(target);
    AtomicLong allowed = new AtomicLong();
    OpenLoop load =
        OpenLoop.start(
            target.load(16, CHECKS),
            PER_SECOND,
            answer -> allowed.addAndGet(answer.allowed() ? 1 : 0));
    await(BEFORE_AND_AFTER);
    stack.redis().pause();
    await(PAUSE);
    stack.redis().resume();
    await(BEFORE_AND_AFTER);
    Measured measured = load.stop();
    Verdict verdict = harness.verify(target, measured, allowed.get(), false);
    verdicts.add(verdict);
    System.out.printf("  %s: %s; %s%n", target.name(), measured, verdict);
    return new Run(target, measured, PER_SECOND, Map.of(), verdict);
  }

  private static void await(Duration time) {
    long end = System.nanoTime() + time.toNanos();
    while (System.nanoTime() - end < 0) {
      LockSupport.parkNanos(end - System.nanoTime());
    }
  }

  private static Finding finding(RunSeries runs, Table table) {
    Spread slowest = runs.millis(1);
    table.row(runs.name(), slowest.text("%.1f"), runs.millis(0.5).text("%.2f"));
    return new Finding(
            "B10",
            "slowest answer while Redis is paused, " + runs.name(),
            "≤ %.0f ms".formatted(MAX_MILLIS),
            slowest.text("%.1f ms"),
            slowest.max() <= MAX_MILLIS)
        .of(slowest);
  }
}
