package io.ratelimiter.load.measure;

import io.ratelimiter.load.report.Spread;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/** The runs of one subject under one load, one for each round. */
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

  List<Run> runs() {
    return List.copyOf(runs);
  }

  Spread of(ToDoubleFunction<Run> figure) {
    return Spread.of(runs.stream().map(figure::applyAsDouble).toList());
  }

  /** This figure divided by the other's of the same round. */
  Spread ratio(Series other, ToDoubleFunction<Run> figure) {
    return Spread.of(
        IntStream.range(0, runs.size())
            .mapToObj(
                i -> figure.applyAsDouble(runs.get(i)) / figure.applyAsDouble(other.runs.get(i)))
            .toList());
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
