package io.ratelimiter.load.measure;

import static org.assertj.core.api.Assertions.assertThat;

import io.ratelimiter.load.http.Measured;
import io.ratelimiter.load.report.Spread;
import io.ratelimiter.load.stack.Stack.Running;
import io.ratelimiter.load.verdict.Verdict;
import java.util.List;
import java.util.Map;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;

class SeriesTests {

  private static final Subject SUBJECT = Subject.limiter(new Running("limiter", 1, 1));

  private static Run run(double perSecond, String... faults) {
    Histogram micros = new Histogram(3);
    micros.recordValue((long) perSecond * 1_000);
    return new Run(
        SUBJECT,
        new Measured(1, 1, 0, 0, micros),
        perSecond,
        Map.of("limiter", perSecond),
        new Verdict(1, 1, 1, List.of(faults)));
  }

  private static Series series(Run... runs) {
    Series series = new Series("one");
    List.of(runs).forEach(series::add);
    return series;
  }

  @Test
  void a_run_that_was_not_clean_is_in_no_figure() {
    Series series = series(run(1, "3 answers were not 200"), run(20), run(21), run(900, "lost"));

    assertThat(series.perSecond()).isEqualTo(new Spread(20, 20.5, 21, 2, 4));
    assertThat(series.cpu()).isEqualTo(new Spread(20, 20.5, 21, 2, 4));
    assertThat(series.millis(0.99).taken()).isEqualTo(4);
    assertThat(series.millis(0.99).counted()).isEqualTo(2);
    assertThat(series.perSecond().enough()).isFalse();
  }

  @Test
  void a_ratio_is_of_the_rounds_in_which_both_runs_were_clean() {
    Series base = series(run(10), run(10, "twice told"), run(10), run(10), run(10));
    Series other = series(run(20), run(90), run(900, "degraded"), run(40), run(30));

    Spread ratio = other.ratio(base, Run::perSecond);

    assertThat(ratio).isEqualTo(new Spread(2, 3, 4, 3, 5));
    assertThat(ratio.enough()).isTrue();
  }

  @Test
  void without_a_clean_run_there_is_no_figure_and_no_verdict() {
    Spread none = series(run(1, "lost"), run(2, "lost")).perSecond();

    assertThat(none.median()).isNaN();
    assertThat(none.enough()).isFalse();
  }
}
