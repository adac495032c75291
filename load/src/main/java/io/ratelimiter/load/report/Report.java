package io.ratelimiter.load.report;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * {@code load/report.md} and its charts. The result of each measure is kept in the build folder, so
 * that measures can be taken one by one; the report has the last result of each.
 */
public final class Report {

  private static final String HEAD =
      """
      # Measured

      Written by `load/bench`; for how to read it see [README](README.md). Several runs are given as min / **median** / max.
      Ratios compare consecutive runs of one round. Processor time is user and system time of the whole process, divided by
      the number of checks answered.

      """;

  private final Path load;
  private final Path kept;

  /**
   * Creates the report of a repository.
   *
   * @param load the folder {@code load} of the repository
   */
  public Report(Path load) {
    this.load = load;
    this.kept = load.resolve("target/sections");
  }

  /** Replaces the result of a measure and rewrites the report. */
  public void take(Section section, String conditions) {
    try {
      Files.createDirectories(kept);
      Files.createDirectories(load.resolve("charts"));
      Files.writeString(kept.resolve(section.id() + ".rows"), rows(section));
      Files.writeString(kept.resolve(section.id() + ".md"), text(section, conditions));
      for (Map.Entry<String, String> chart : section.charts().entrySet()) {
        Files.writeString(
            load.resolve("charts").resolve(chart.getKey() + ".svg"), chart.getValue());
      }
      write();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String rows(Section section) {
    StringBuilder rows = new StringBuilder();
    section.findings().forEach(finding -> rows.append(finding.row()).append('\n'));
    return rows.toString();
  }

  private static String text(Section section, String conditions) {
    StringBuilder text = new StringBuilder();
    text.append("## %s %s\n\n".formatted(section.id(), section.title()));
    text.append("%s, %s\n".formatted(Instant.now().truncatedTo(ChronoUnit.MINUTES), conditions));
    text.append(section.text());
    new TreeMap<>(section.charts())
        .keySet()
        .forEach(name -> text.append("\n![%s](charts/%s.svg)\n".formatted(name, name)));
    return text.toString();
  }

  private void write() throws IOException {
    StringBuilder report = new StringBuilder(HEAD);
    report.append("On ").append(Machine.description()).append(".\n\n");
    report.append("| | measure | target | measured | |\n|---|---|---|---|---|\n");
    for (Path rows : files(".rows")) {
      report.append(Files.readString(rows));
    }
    for (Path section : files(".md")) {
      report.append('\n').append(Files.readString(section));
    }
    Files.writeString(load.resolve("report.md"), report.toString());
  }

  private List<Path> files(String ending) throws IOException {
    try (Stream<Path> all = Files.list(kept)) {
      return all.filter(path -> path.toString().endsWith(ending))
          .sorted(Comparator.comparing(Report::order))
          .toList();
    }
  }

  /** Sorts B10 after B9, and other names last. */
  private static String order(Path file) {
    String name = String.valueOf(file.getFileName());
    String id = name.substring(0, name.indexOf('.'));
    return id.matches("B\\d+") ? "%03d".formatted(Integer.parseInt(id.substring(1))) : "~" + id;
  }

  /** Stores figures for other measures. */
  public void keep(Map<String, Double> figures) {
    Properties all = figures();
    figures.forEach((name, value) -> all.setProperty(name, value.toString()));
    List<String> lines = new ArrayList<>();
    all.forEach((name, value) -> lines.add(name + "=" + value));
    try {
      Files.createDirectories(kept);
      Files.write(kept.resolve("figures.properties"), lines.stream().sorted().toList());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A stored figure; NaN if there is none. */
  public double figure(String name) {
    return Double.parseDouble(figures().getProperty(name, "NaN"));
  }

  private Properties figures() {
    Properties all = new Properties();
    Path file = kept.resolve("figures.properties");
    try {
      if (Files.exists(file)) {
        try (var in = Files.newBufferedReader(file)) {
          all.load(in);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return all;
  }
}
