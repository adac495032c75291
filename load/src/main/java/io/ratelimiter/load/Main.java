package io.ratelimiter.load;

import io.ratelimiter.load.measure.Measure;
import io.ratelimiter.load.measure.Measures;
import io.ratelimiter.load.measure.Plan;
import io.ratelimiter.load.report.Finding;
import io.ratelimiter.load.report.Machine;
import io.ratelimiter.load.report.Report;
import io.ratelimiter.load.report.Section;
import io.ratelimiter.load.stack.Stack;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/** Main class of {@code load/bench}. */
public final class Main {

  private static final String LOGGING = "logback.configurationFile";

  private Main() {}

  /** See usage.txt; the system property {@code ratelimiter.home} is the repository's folder. */
  public static void main(String... line) {
    // SVG does not accept a decimal comma.
    Locale.setDefault(Locale.ROOT);
    if (System.getProperty(LOGGING) == null) {
      System.setProperty(LOGGING, "io/ratelimiter/localstack/run/logback.xml");
    }
    try {
      System.exit(run(Arguments.parse(line)) ? 0 : 1);
    } catch (IllegalArgumentException e) {
      System.err.println(e.getMessage());
      System.exit(2);
    }
  }

  private static boolean run(Arguments arguments) {
    endAfter(arguments);
    Path repository = Path.of(System.getProperty("ratelimiter.home", "")).toAbsolutePath();
    Report report = new Report(repository.resolve("load"));
    Plan plan =
        new Plan(
            arguments.runs(), arguments.run(), arguments.warmUp(), settings(arguments, repository));
    boolean clean = true;
    for (Measure measure : Measures.of(arguments.measures())) {
      System.out.println(String.join(" ", measure.ids()));
      clean &= take(measure, plan, report);
    }
    return clean;
  }

  /** Ends this process, and with it its children, after the limit, even if a measure hangs. */
  private static void endAfter(Arguments arguments) {
    long end = System.nanoTime() + arguments.limit().toNanos();
    Thread.ofPlatform()
        .daemon()
        .name("limit")
        .start(() -> {
          while (System.nanoTime() - end < 0) {
            LockSupport.parkNanos(end - System.nanoTime());
          }
          System.err.println("Ended after " + arguments.limit());
          Runtime.getRuntime().halt(3);
        });
  }

  private static Stack.Settings settings(Arguments arguments, Path repository) {
    return new Stack.Settings(repository, arguments.jvm(), arguments.profile(), Map.of());
  }

  private static boolean take(Measure measure, Plan plan, Report report) {
    try {
      Section section = measure.take(plan, report);
      report.take(section, "commit " + Machine.commit(plan.settings().repository()));
      section.findings().stream().map(Finding::row).forEach(System.out::println);
      return !section.text().contains("not clean**");
    } catch (RuntimeException e) {
      System.err.println(String.join(" ", measure.ids()) + " failed: " + e);
      e.printStackTrace();
      return false;
    }
  }
}
