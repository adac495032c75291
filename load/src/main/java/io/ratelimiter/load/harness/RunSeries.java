package io.ratelimiter.load.harness;

import io.ratelimiter.load.report.Spread;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/**
 * The runs of one target under one load, one per round. Runs that were not clean are excluded from
 * all figures, because they did not measure regular operation.
 */
public final class RunSeries {

  private final String name;
  private final List<Run> runs = new ArrayList<>();

  public RunSeries(String name) {
    this.name = name;
  }

  /** Takes rounds of runs; each round has one run per subject, in order. Blocks. */
  public static <T> List<RunSeries> take(
      int rounds, List<T> subjects, Function<T, String> name, Function<T, Run> run) {
    List<RunSeries> all = subjects.stream().map(name).map(RunSeries::new).toList();
    for (int round = 0; round < rounds; round++) {
      for (int i = 0; i < subjects.size(); i++) {
        all.get(i).add(run.apply(subjects.get(i)));
      }
    }
    return all;
  }

  public String name() {
    return name;
  }

  public void add(Run run) {
    runs.add(run);
  }

  public Spread of(ToDoubleFunction<Run> figure) {
    return Spread.of(
        runs.stream().filter(Run::clean).map(figure::applyAsDouble).toList(), runs.size());
  }

  /**
   * This figure divided by the other series' figure of the same round, for rounds in which both
   * runs are clean.
   */
  public Spread ratio(RunSeries other, ToDoubleFunction<Run> figure) {
    return Spread.of(
        IntStream.range(0, runs.size())
            .filter(i -> runs.get(i).clean() && other.runs.get(i).clean())
            .mapToObj(
                i -> figure.applyAsDouble(runs.get(i)) / figure.applyAsDouble(other.runs.get(i)))
            .toList(),
        runs.size());
  }

  public Spread perSecond() {
    return of(Run::perSecond);
  }

  public Spread cpu() {
    return of(Run::cpuPerAnswer);
  }

  public Spread cpu(String process) {
    return of(run -> run.cpuPerAnswer(process));
  }

  public Spread millis(double quantile) {
    return of(run -> run.measured().quantileMillis(quantile));
  }
}
