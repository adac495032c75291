package io.ratelimiter.load.measure;

import io.ratelimiter.load.report.Report;
import io.ratelimiter.load.report.Section;
import java.util.List;

/** One thing to find out. */
public interface Measure {

  /** By what it is asked for; it may stand for several targets. */
  List<String> ids();

  /**
   * Takes it; blocks for minutes.
   *
   * @param report has and keeps the figures that measures compare with each other's
   */
  Section take(Plan plan, Report report);
}
