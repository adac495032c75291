package io.ratelimiter.load.harness;

import static org.assertj.core.api.Assertions.assertThat;

import io.ratelimiter.load.http.Measured;
import io.ratelimiter.load.report.Spread;
import io.ratelimiter.load.stack.Stack.Running;
import io.ratelimiter.load.verdict.Verdict;
import java.util.List;
import java.util.Map;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;

class RunSeriesTests {

  private static final Target TARGET = Target.limiter(new Running("limiter", 1, 1));

  private static Run run(double perSecond, String... faults) {
    Histogram micros = new Histogram(3);
    micros.recordValue((long) perSecond * 1_000);
    return new Run(
        TARGET,
        new Measured(1, 1, 0, 0, micros),
        perSecond,
        Map.of("limiter", perSecond),
        new Verdict(1, 1, 1, List.of(faults)));
  }

  private static RunSeries series(Run... runs) {
    RunSeries series = new RunSeries("one");
    List.of(runs).forEach(series::add);
    return series;
  }

  @Test
  void aRunThatIsNotCleanIsExcludedFromAllFigures() {
    RunSeries series = series(run(1, "3 answers were not 200"), run(20), run(21), run(900, "lost"));

    assertThat(series.perSecond()).isEqualTo(new Spread(20, 20.5, 21, 2, 4));
    assertThat(series.cpu()).isEqualTo(new Spread(20, 20.5, 21, 2, 4));
    assertThat(series.millis(0.99).taken()).isEqualTo(4);
    assertThat(series.millis(0.99).counted()).isEqualTo(2);
    assertThat(series.perSecond().enough()).isFalse();
  }

  @Test
  void aRatioUsesRoundsInWhichBothRunsAreClean() {
    RunSeries base = series(run(10), run(10, "published twice"), run(10), run(10), run(10));
    RunSeries other = series(run(20), run(90), run(900, "degraded"), run(40), run(30));

    Spread ratio = other.ratio(base, Run::perSecond);

    assertThat(ratio).isEqualTo(new Spread(2, 3, 4, 3, 5));
    assertThat(ratio.enough()).isTrue();
  }

  @Test
  void withoutACleanRunThereIsNoFigureAndNoVerdict() {
    Spread none = series(run(1, "lost"), run(2, "lost")).perSecond();

    assertThat(none.median()).isNaN();
    assertThat(none.enough()).isFalse();
  }
}
