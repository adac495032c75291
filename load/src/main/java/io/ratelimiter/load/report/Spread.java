package io.ratelimiter.load.report;

import java.util.List;

/**
 * The least, the middle and the most of the runs that were clean; not a number where none was.
 *
 * @param counted clean runs
 * @param taken all runs
 */
public record Spread(double min, double median, double max, int counted, int taken) {

  /** Of runs that all count. */
  public static Spread of(List<Double> values) {
    return of(values, values.size());
  }

  /**
   * Of some runs.
   *
   * @param clean the values that count
   * @param taken how many runs there were, those that do not count included
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

  /** How many runs the figures are of. */
  public String runs() {
    return "%d of %d runs clean".formatted(counted, taken);
  }

  /** {@code min / **median** / max}, each in this format, and of how many runs unless of all. */
  public String text(String format) {
    if (counted == 0) {
      return "no clean run";
    }
    String values = (format + " / **" + format + "** / " + format).formatted(min, median, max);
    return counted == taken ? values : values + " (" + runs() + ")";
  }
}
