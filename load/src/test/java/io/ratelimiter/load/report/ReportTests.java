package io.ratelimiter.load.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportTests {

  @TempDir private Path folder;

  @Test
  void theReportHasTheLastResultOfEachMeasureInOrder() throws IOException {
    Report report = new Report(folder);
    report.take(section("B10", "ten"), "here");
    report.take(section("jmh", "parts"), "here");
    report.take(section("B2", "old"), "here");
    report.take(section("B2", "new"), "here");

    String text = Files.readString(folder.resolve("report.md"));

    assertThat(text).doesNotContain("old").containsSubsequence("## B2 new", "## B10 ten", "## jmh");
    assertThat(folder.resolve("charts/chart.svg")).hasContent("<svg/>");
  }

  @Test
  void aFigureIsKeptForLaterMeasures() {
    new Report(folder).keep(Map.of("B2.perSecond", 20_000.5));

    assertThat(new Report(folder).figure("B2.perSecond")).isEqualTo(20_000.5);
    assertThat(new Report(folder).figure("other")).isNaN();
  }

  @Test
  void theMedianOfAnEvenNumberIsTheMeanOfTheMiddleTwo() {
    assertThat(Spread.of(List.of(4.0, 1.0, 2.0, 3.0))).isEqualTo(new Spread(1, 2.5, 4, 4, 4));
  }

  @Test
  void aChartHasABarForEachValue() {
    String svg =
        new Chart("title", "µs", List.of("one", "two"))
            .add("a", List.of(new Spread(1, 2, 3, 5, 5), new Spread(2, 3, 4, 5, 5)))
            .svg();

    assertThat(svg).startsWith("<svg").endsWith("</svg>\n");
    assertThat(svg.split("<rect")).hasSize(1 + 1 + 2 + 2);
  }

  @Test
  void aChartHasNoBarWhereNoRunWasClean() {
    String svg =
        new Chart("title", "µs", List.of("one")).add("a", List.of(Spread.of(List.of(), 5))).svg();

    assertThat(svg).doesNotContain("NaN");
    assertThat(svg.split("<rect")).hasSize(1 + 1 + 1);
  }

  @Test
  void tooFewCleanRunsGiveAFigureButNoVerdict() {
    Spread three = Spread.of(List.of(1.0, 2.0, 3.0), 5);
    Spread two = Spread.of(List.of(1.0, 2.0), 5);

    assertThat(row(three)).endsWith("| 1 / **2** / 3 (3 of 5 runs clean) | met |");
    assertThat(row(three, two)).endsWith("| **not judged**: 2 of 5 runs clean |");
    assertThat(row(two)).contains("(2 of 5 runs clean) | **not judged**");
    assertThat(row(Spread.of(List.of(), 1)))
        .endsWith("| no clean run | **not judged**: 0 of 1 runs clean |");
  }

  private static String row(Spread... figures) {
    String measured = figures[0].text("%.0f");
    return new Finding("B1", "what", "≤ 5", measured, true).of(figures).row();
  }

  private static Section section(String id, String title) {
    Finding finding = new Finding(id, title, "≥ 1", "2", true);
    return new Section(id, title, List.of(finding), "text", Map.of("chart", "<svg/>"));
  }
}
