package io.ratelimiter.load.report;

import java.util.List;
import java.util.Map;

/**
 * The result of one measure.
 *
 * @param id of the measure
 * @param title of its section in the report
 * @param findings for the summary
 * @param text Markdown
 * @param charts SVG by name
 */
public record Section(
    String id, String title, List<Finding> findings, String text, Map<String, String> charts) {

  public Section {
    findings = List.copyOf(findings);
    charts = Map.copyOf(charts);
  }
}
