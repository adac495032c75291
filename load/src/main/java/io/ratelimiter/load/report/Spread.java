package io.ratelimiter.load.report;

import java.util.List;

/**
 * Min, median and max of the clean runs; NaN without any.
 *
 * @param counted number of clean runs
 * @param taken number of all runs
 */
public record Spread(double min, double median, double max, int counted, int taken) {

  /** The spread of runs that are all clean. */
  public static Spread of(List<Double> values) {
    return of(values, values.size());
  }

  /**
   * The spread of the clean ones among several runs.
   *
   * @param clean the values of the clean runs
   * @param taken number of all runs, those that were not clean included
   */
  public static Spread of(List<Double> clean, int taken) {
    if (clean.isEmpty()) {
      return new Spread(Double.NaN, Double.NaN, Double.NaN, 0, taken);
    }
    List<Double> sorted = clean.stream().sorted().toList();
    int half = sorted.size() / 2;
    double median =
        sorted.size() % 2 == 1 ? sorted.get(half) : (sorted.get(half - 1) + sorted.get(half)) / 2;
    return new Spread(sorted.getFirst(), median, sorted.getLast(), sorted.size(), taken);
  }

  /** Whether more than half of the runs were clean; with fewer, no verdict is given. */
  public boolean enough() {
    return 2 * counted > taken;
  }

  /** The number of clean runs and of all runs, for reports. */
  public String runs() {
    return "%d of %d runs clean".formatted(counted, taken);
  }

  /**
   * {@code min / **median** / max}, each in this format, with {@link #runs} unless all were clean.
   */
  public String text(String format) {
    if (counted == 0) {
      return "no clean run";
    }
    String values = (format + " / **" + format + "** / " + format).formatted(min, median, max);
    return counted == taken ? values : values + " (" + runs() + ")";
  }
}
