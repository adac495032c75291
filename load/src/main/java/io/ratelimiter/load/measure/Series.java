package io.ratelimiter.load.measure;

import io.ratelimiter.load.report.Spread;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/**
 * The runs of one subject under one load, one for each round. A run that was not clean is excluded
 * from all figures, since it did not measure the product's regular work.
 */
final class Series {

  private final String name;
  private final List<Run> runs = new ArrayList<>();

  Series(String name) {
    this.name = name;
  }

  String name() {
    return name;
  }

  void add(Run run) {
    runs.add(run);
  }

  Spread of(ToDoubleFunction<Run> figure) {
    return Spread.of(
        runs.stream().filter(Run::clean).map(figure::applyAsDouble).toList(), runs.size());
  }

  /**
   * This figure divided by the other's of the same round, of the rounds in which both are clean.
   */
  Spread ratio(Series other, ToDoubleFunction<Run> figure) {
    return Spread.of(
        IntStream.range(0, runs.size())
            .filter(i -> runs.get(i).clean() && other.runs.get(i).clean())
            .mapToObj(
                i -> figure.applyAsDouble(runs.get(i)) / figure.applyAsDouble(other.runs.get(i)))
            .toList(),
        runs.size());
  }

  Spread perSecond() {
    return of(Run::perSecond);
  }

  Spread cpu() {
    return of(Run::cpuPerAnswer);
  }

  Spread cpu(String process) {
    return of(run -> run.cpuPerAnswer(process));
  }

  Spread millis(double quantile) {
    return of(run -> run.measured().quantileMillis(quantile));
  }
}
