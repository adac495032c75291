package io.ratelimiter.load.measure;

import io.ratelimiter.load.report.Finding;
import io.ratelimiter.load.report.Report;
import io.ratelimiter.load.report.Section;
import io.ratelimiter.load.report.Spread;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** B6: the auditor's rate while it catches up a million decisions, measured by its own test. */
final class AuditorMeasure implements Measure {

  private static final Pattern ROW =
      Pattern.compile("\\| [\\d,]+ of 10,000, all \\| ([\\d,]+) \\|.*");
  private static final String TEST = "ThroughputIT#aFullTopicIsCaughtUp*";
  private static final double MIN_RATIO = 2;
  private static final int ROUNDS = 3;

  @Override
  public List<String> ids() {
    return List.of("B6");
  }

  @Override
  public Section take(Plan plan, Report report) {
    List<Double> rates = new ArrayList<>();
    StringBuilder text = new StringBuilder("\n");
    for (int round = 0; round < ROUNDS; round++) {
      List<String> lines =
          new MavenTest(plan.settings().repository(), "stream-auditor", TEST, List.of("-Pfaults"))
              .run("throughput-report.md");
      String begin = round == 0 ? "|" : "| 1";
      lines.stream()
          .filter(line -> line.startsWith(begin))
          .forEach(line -> text.append(line).append('\n'));
      lines.forEach(line -> add(rates, ROW.matcher(line)));
    }
    Spread rate = Spread.of(rates);
    double checks = report.figure("B2.perSecond");
    Finding finding =
        new Finding(
                "B6",
                "decisions/s of the auditor ÷ checks/s of B2 (%s ÷ %,.0f)"
                    .formatted(rate.text("%,.0f"), checks),
                "≥ 2",
                "%.1f".formatted(rate.median() / checks),
                rate.median() / checks >= MIN_RATIO)
            .of(rate)
            .unless(Double.isNaN(checks) ? "B2 has too few clean runs, or was not taken" : "");
    return new Section("B6", "Auditor catching up", List.of(finding), text.toString(), Map.of());
  }

  private static void add(List<Double> rates, Matcher row) {
    if (row.matches()) {
      rates.add(Double.parseDouble(row.group(1).replace(",", "")));
    }
  }
}
