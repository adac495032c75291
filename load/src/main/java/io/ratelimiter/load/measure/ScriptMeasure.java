package io.ratelimiter.load.measure;

import io.ratelimiter.load.report.Finding;
import io.ratelimiter.load.report.Report;
import io.ratelimiter.load.report.Section;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** B4: rate of the check script in Redis against {@code SET}, measured by a test of the limiter. */
final class ScriptMeasure implements Measure {

  private static final Pattern BUCKET =
      Pattern.compile("\\| token_bucket \\| [\\d.,]+ \\| (\\d+\\.\\d+) \\|");
  private static final Pattern TWO = Pattern.compile("Two limits run at ([\\d.]+) of one");
  private static final double MIN = 0.10;
  private static final double MIN_OF_TWO = 0.6;

  @Override
  public List<String> ids() {
    return List.of("B4");
  }

  @Override
  public Section take(Plan plan, Report report) {
    List<String> arguments =
        List.of("-DexcludedTags=faults", "-Dreport.rounds=9", "-Dreport.commands=100000");
    List<String> lines =
        new MavenTest(plan.settings().repository(), "limiter-service", "LimiterReportIT", arguments)
            .run("limiter-report-redis-6.2.md", "limiter-report-redis-7.md");
    List<Finding> findings = new ArrayList<>();
    String server = "";
    for (String line : lines) {
      server = line.startsWith("# ") ? line.substring(line.lastIndexOf(' ') + 1) : server;
      add(findings, server + ", script's rate ÷ SET's", BUCKET.matcher(line), MIN);
      add(findings, server + ", two limits ÷ one", TWO.matcher(line), MIN_OF_TWO);
    }
    String text = String.join("\n", lines).replaceAll("(?m)^# ", "### ");
    return new Section("B4", "The script against SET", findings, "\n" + text + "\n", Map.of());
  }

  private static void add(List<Finding> findings, String what, Matcher line, double min) {
    if (line.find()) {
      double value = Double.parseDouble(line.group(1));
      findings.add(new Finding("B4", what, "≥ " + min, line.group(1), value >= min));
    }
  }
}
