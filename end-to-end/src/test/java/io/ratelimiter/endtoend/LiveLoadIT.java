package io.ratelimiter.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.CDPSession;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The live view with a thousand decisions per second stays fast and its memory bounded. */
@Order(PageOrder.LOAD)
@ExtendWith(PageStackExtension.class)
class LiveLoadIT {

  private static final String WATCH_LONG_TASKS =
      """
      () => {
        window.longTasks = [];
        new PerformanceObserver(list => window.longTasks.push(...list.getEntries().map(e => e.duration)))
            .observe({entryTypes: ['longtask']});
      }
      """;

  /** The list of decisions is full and the code compiled after this time. */
  private static final Duration WARM_UP = Duration.ofSeconds(8);

  private static final int LONGEST_TASK_MILLIS = 100;
  private static final double MEGABYTE = 1e6;

  @Test
  @Tag("full")
  void aThousandDecisionsPerSecondDoNotFreezeThePage(PageStack stack) {
    watchFor(Duration.ofSeconds(20), stack);
  }

  @Test
  @Tag("faults")
  void fiveMinutesOfAThousandDecisionsPerSecondLeakNoMemory(PageStack stack) {
    watchFor(Duration.ofMinutes(5), stack);
  }

  private static void watchFor(Duration time, PageStack stack) {
    WebPage web = stack.web();
    try (LiveLoad load = new LiveLoad(stack.product().port("PORT"))) {
      web.open("live");
      web.text("Decisions of all instances").waitFor();
      stay(web, WARM_UP);
      double before = heapMegabytes(web);
      long decidedBefore = load.decided();
      web.page().evaluate(WATCH_LONG_TASKS);

      stay(web, time);

      double longest =
          ((Number) web.page().evaluate("Math.max(0, ...window.longTasks)")).doubleValue();
      double after = heapMegabytes(web);
      double rate = (load.decided() - decidedBefore) / (double) time.toSeconds();
      System.out.printf(
          "%.0f decisions/s for %d s: longest task %.0f ms, heap %.1f MB before, %.1f MB after%n",
          rate, time.toSeconds(), longest, before, after);
      assertThat(rate).as("decisions per second").isGreaterThan(800);
      assertThat(longest).as("longest task, ms").isLessThan(LONGEST_TASK_MILLIS);
      assertThat(after).as("heap after, MB").isLessThan(before * 1.25 + 3);
      assertThat(web.rows("Decisions, newest first", "load-").count()).isPositive();
      assertThat(web.browser().complaints()).isEmpty();
    }
  }

  private static void stay(WebPage web, Duration time) {
    long end = System.nanoTime() + time.toNanos();
    Awaitility.await()
        .atMost(time.plusSeconds(60))
        .pollInSameThread()
        .pollInterval(Duration.ofSeconds(1))
        .until(() -> web.page().locator("h1").isVisible() && System.nanoTime() - end > 0);
  }

  /** Reachable heap, after a collection. */
  private static double heapMegabytes(WebPage web) {
    CDPSession session = web.page().context().newCDPSession(web.page());
    session.send("HeapProfiler.collectGarbage");
    double bytes = session.send("Runtime.getHeapUsage").get("usedSize").getAsDouble();
    session.detach();
    return bytes / MEGABYTE;
  }
}
