package io.ratelimiter.load.measure;

import io.ratelimiter.load.harness.Harness;
import io.ratelimiter.load.harness.Run;
import io.ratelimiter.load.harness.Target;
import io.ratelimiter.load.http.CheckRequests;
import io.ratelimiter.load.http.Clients;
import io.ratelimiter.load.report.Finding;
import io.ratelimiter.load.report.Report;
import io.ratelimiter.load.report.Section;
import io.ratelimiter.load.report.Spread;
import io.ratelimiter.load.report.Table;
import io.ratelimiter.load.stack.Memory;
import io.ratelimiter.load.stack.RuleFile;
import io.ratelimiter.load.stack.Stack;
import io.ratelimiter.load.stack.Stack.Running;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** B8: Redis bytes per client, and memory of the service over a growing number of clients. */
final class FootprintMeasure implements Measure {

  private static final int CLIENTS = 1_000_000;
  private static final int CONNECTIONS = 64;
  private static final double MAX_RESIDENT_MEBIBYTES = 400e6 / (1 << 20);
  private static final double MAX_HEAP_RATIO = 1.2;
  private static final int CHARGES = 100;
  private static final Map<String, Long> BUDGETS =
      Map.of(
          "token_bucket", 160L,
          "fixed_window", 160L,
          "sliding_window_counter", 200L,
          "sliding_window", 250L + 24 * CHARGES);

  @Override
  public List<String> ids() {
    return List.of("B8");
  }

  @Override
  public Section take(Plan plan, Report report) {
    List<Finding> findings = new ArrayList<>();
    StringBuilder text = new StringBuilder(plan.text()).append(".\n");
    try (Stack stack = Stack.start(plan.settings())) {
      Running limiter = stack.startLimiter(new RuleFile(0));
      try (Harness harness = new Harness(stack, limiter)) {
        Target target = Target.limiter(limiter);
        text.append(clients(stack, harness, target, findings));
        text.append(service(harness, target, plan, findings));
        text.append(harness.verdict());
      }
    }
    return new Section("B8", "Memory", findings, text.toString(), Map.of());
  }

  private static String clients(
      Stack stack, Harness harness, Target target, List<Finding> findings) {
    Table table = new Table("algorithm", "bytes of a client after 100 checks", "budget");
    for (String algorithm : RuleFile.ALGORITHMS) {
      CheckRequests checks = CheckRequests.of(Clients.one(), algorithm, "global");
      Run run = harness.offer(target, CHARGES, checks, Duration.ofSeconds(1));
      String key =
          stack.redis().command("KEYS", "rl:{" + algorithm + "/*").lines().findFirst().orElse("");
      long bytes = Long.parseLong(stack.redis().command("MEMORY", "USAGE", key));
      long budget = BUDGETS.getOrDefault(algorithm, 0L);
      table.row(algorithm, bytes, budget);
      findings.add(
          new Finding(
                  "B8",
                  "Redis bytes per client, " + algorithm,
                  "≤ " + budget,
                  String.valueOf(bytes),
                  bytes <= budget)
              .unless(unclean(run.clean())));
    }
    return table.toString();
  }

  private static String service(Harness harness, Target target, Plan plan, List<Finding> findings) {
    Memory memory = new Memory(target.service().pid());
    LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(5));
    double atRest = memory.residentMebibytes();
    Table table = new Table("clients so far", "heap after a collection MiB", "resident MiB");
    table.row("none, at rest", "", "%.0f".formatted(atRest));
    CheckRequests few = CheckRequests.of(Clients.uniform(10_000));
    harness.warmUp(target, few, plan.warmUp());
    List<Double> resident = new ArrayList<>();
    double first = row(table, "10,000", memory, resident);
    double heap = first;
    long answered = 0;
    boolean clean = true;
    while (answered < CLIENTS) {
      long from = answered;
      CheckRequests more = CheckRequests.of(number -> from + number);
      Run run = harness.saturate(target, CONNECTIONS, more, plan.run());
      answered += run.measured().answered();
      clean &= run.clean();
      heap = row(table, "%,d".formatted(answered), memory, resident);
    }
    findings.add(heap(first, heap).unless(unclean(clean)));
    findings.add(resident("at rest", Spread.of(List.of(atRest))));
    findings.add(resident("under load", Spread.of(resident)).unless(unclean(clean)));
    return table.toString();
  }

  /** Each run continues the state of the last one, so a run that is not clean invalidates all. */
  private static String unclean(boolean clean) {
    return clean ? "" : "a run was not clean";
  }

  /** Reads the resident size before the collection, which returns memory to the system. */
  private static double row(Table table, String clients, Memory memory, List<Double> resident) {
    resident.add(memory.residentMebibytes());
    double heap = memory.heapAfterCollectionMebibytes();
    table.row(clients, "%.0f".formatted(heap), "%.0f".formatted(resident.getLast()));
    return heap;
  }

  private static Finding heap(double few, double million) {
    return new Finding(
        "B8",
        "heap at 1 M clients ÷ at 10 000 (%.0f ÷ %.0f MiB)".formatted(million, few),
        "flat",
        "%.2f".formatted(million / few),
        million / few <= MAX_HEAP_RATIO);
  }

  private static Finding resident(String when, Spread mebibytes) {
    return new Finding(
        "B8",
        "resident size of the service, " + when,
        "≤ 400 MB (381 MiB)",
        mebibytes.text("%.0f") + " MiB",
        mebibytes.max() <= MAX_RESIDENT_MEBIBYTES);
  }
}
