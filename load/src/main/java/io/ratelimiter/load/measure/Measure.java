package io.ratelimiter.load.measure;

import io.ratelimiter.load.report.Report;
import io.ratelimiter.load.report.Section;
import java.util.List;

/** One measure of {@code load/bench}. */
public interface Measure {

  /** Its names on the command line; one measure may cover several targets. */
  List<String> ids();

  /**
   * Takes the measure. Blocks for minutes.
   *
   * @param report stores figures that measures compare with each other
   */
  Section take(Plan plan, Report report);
}
