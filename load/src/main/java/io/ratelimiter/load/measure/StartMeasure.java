package io.ratelimiter.load.measure;

import io.ratelimiter.load.report.Finding;
import io.ratelimiter.load.report.Report;
import io.ratelimiter.load.report.Section;
import io.ratelimiter.load.report.Spread;
import io.ratelimiter.load.report.Table;
import io.ratelimiter.load.stack.RuleFile;
import io.ratelimiter.load.stack.Stack;
import io.ratelimiter.load.stack.Stack.Running;
import io.ratelimiter.load.stack.WholeProduct;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** B9: time to the first answered check, of {@code ./run} and of the service alone. */
final class StartMeasure implements Measure {

  private static final double MAX_RUN_SECONDS = 30;
  private static final double MAX_SERVICE_SECONDS = 4;

  @Override
  public List<String> ids() {
    return List.of("B9");
  }

  @Override
  public Section take(Plan plan, Report report) {
    Spread alone = Spread.of(service(plan));
    Spread whole = Spread.of(product(plan));
    Table table =
        new Table("", "seconds")
            .row("limiter-service, servers running", alone.text("%.1f"))
            .row("`./run`, already built, without data", whole.text("%.1f"));
    List<Finding> findings =
        List.of(
            finding("./run warm to the first answered check", whole, MAX_RUN_SECONDS),
            finding("service alone to the first answered check", alone, MAX_SERVICE_SECONDS));
    return new Section("B9", "Start", findings, plan.runs() + " starts each.\n" + table, Map.of());
  }

  private static List<Double> service(Plan plan) {
    List<Double> seconds = new ArrayList<>();
    try (Stack stack = Stack.start(plan.settings())) {
      for (int round = 0; round < plan.runs(); round++) {
        long began = System.nanoTime();
        Running limiter = stack.startLimiter(new RuleFile(0));
        WholeProduct.awaitAnswer(limiter.port());
        seconds.add((System.nanoTime() - began) / 1e9);
        System.out.printf("  service alone: %.1f s%n", seconds.getLast());
        stack.stop(limiter);
      }
    }
    return seconds;
  }

  private static List<Double> product(Plan plan) {
    List<Double> seconds = new ArrayList<>();
    // The first start may build and is not counted.
    for (int round = 0; round <= plan.runs(); round++) {
      long began = System.nanoTime();
      try (WholeProduct product = WholeProduct.start(plan.settings().repository())) {
        product.awaitAnswer();
        if (round > 0) {
          seconds.add((System.nanoTime() - began) / 1e9);
          System.out.printf("  ./run: %.1f s%n", seconds.getLast());
        }
      }
    }
    return seconds;
  }

  private static Finding finding(String what, Spread seconds, double max) {
    return new Finding(
        "B9",
        what,
        "≤ %.0f s".formatted(max),
        seconds.text("%.1f") + " s",
        seconds.median() <= max);
  }
}
