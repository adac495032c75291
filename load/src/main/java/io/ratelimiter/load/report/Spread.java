package io.ratelimiter.load.report;

import java.util.List;

/** The least, the middle and the most of several runs. */
public record Spread(double min, double median, double max) {

  /** Of at least one value. */
  public static Spread of(List<Double> values) {
    List<Double> sorted = values.stream().sorted().toList();
    int half = sorted.size() / 2;
    double median =
        sorted.size() % 2 == 1 ? sorted.get(half) : (sorted.get(half - 1) + sorted.get(half)) / 2;
    return new Spread(sorted.getFirst(), median, sorted.getLast());
  }

  /** {@code min / **median** / max}, each in this format. */
  public String text(String format) {
    return (format + " / **" + format + "** / " + format).formatted(min, median, max);
  }
}
