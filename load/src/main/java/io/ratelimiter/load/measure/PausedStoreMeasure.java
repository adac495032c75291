package io.ratelimiter.load.measure;

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

/** B10: how long the slowest caller waits while Redis stands still for 5 s under 20 checks/s. */
final class PausedStoreMeasure implements Measure {

  private static final int PER_SECOND = 20;
  private static final int TIMEOUT_MILLIS = 50;
  private static final double MAX_MILLIS = TIMEOUT_MILLIS + 50;
  private static final Duration PAUSE = Duration.ofSeconds(5);
  private static final Duration BESIDE = Duration.ofSeconds(2);
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
      try (Rig rig = new Rig(stack, limiter)) {
        Subject subject = Subject.limiter(limiter);
        rig.warmUp(subject, CHECKS, plan.warmUp());
        Series runs = new Series(subject.name());
        for (int round = 0; round < plan.runs(); round++) {
          runs.add(pause(stack, rig, subject));
        }
        findings.add(finding(runs, table));
      }
    }
    return new Section(
        "B10",
        "Redis paused for 5 s under 20 checks/s",
        findings,
        "%d runs, `REDIS_TIMEOUT_MS=%d`.\n%s%s"
            .formatted(plan.runs(), TIMEOUT_MILLIS, table, Rig.verdict(verdicts, 0)),
        Map.of());
  }

  private Run pause(Stack stack, Rig rig, Subject edge) {
    rig.begin(edge);
    AtomicLong allowed = new AtomicLong();
    OpenLoop load =
        OpenLoop.start(
            edge.target(16, CHECKS),
            PER_SECOND,
            answer -> allowed.addAndGet(answer.allowed() ? 1 : 0));
    await(BESIDE);
    stack.redis().pause();
    await(PAUSE);
    stack.redis().resume();
    await(BESIDE);
    Measured measured = load.stop();
    Verdict verdict = rig.judge(edge, measured, allowed.get(), false);
    verdicts.add(verdict);
    System.out.printf("  %s: %s; %s%n", edge.name(), measured, verdict);
    return new Run(edge, measured, PER_SECOND, Map.of(), verdict);
  }

  private static void await(Duration time) {
    long end = System.nanoTime() + time.toNanos();
    while (System.nanoTime() - end < 0) {
      LockSupport.parkNanos(end - System.nanoTime());
    }
  }

  private static Finding finding(Series runs, Table table) {
    Spread most = runs.millis(1);
    table.row(runs.name(), most.text("%.1f"), runs.millis(0.5).text("%.2f"));
    return new Finding(
            "B10",
            "slowest answer while Redis is paused, " + runs.name(),
            "≤ %.0f ms".formatted(MAX_MILLIS),
            most.text("%.1f ms"),
            most.max() <= MAX_MILLIS)
        .of(most);
  }
}
