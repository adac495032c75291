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
 * {@code load/report.md} and its charts. Measures may be taken one by one: what each found is kept
 * beside the build, and the report is made of the last of each.
 */
public final class Report {

  private static final String HEAD =
      """
      # What was measured

      Written by `load/bench`; [README](README.md) says how to read it. Of several runs: least / **median** / most. Ratios are
      taken within one round, between runs that follow each other. Processor time is of the whole process, user and system,
      divided by the checks that it answered meanwhile.

      """;

  private final Path load;
  private final Path kept;

  /**
   * The report of a repository.
   *
   * @param load its folder {@code load}
   */
  public Report(Path load) {
    this.load = load;
    this.kept = load.resolve("target/sections");
  }

  /** Keeps what a measure found, in place of what it found before, and writes the report anew. */
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

  /** B10 after B9, and what is no target last. */
  private static String order(Path file) {
    String name = String.valueOf(file.getFileName());
    String id = name.substring(0, name.indexOf('.'));
    return id.matches("B\\d+") ? "%03d".formatted(Integer.parseInt(id.substring(1))) : "~" + id;
  }

  /** Keeps figures that other measures compare theirs with. */
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

  /** A figure that some measure kept; not a number when none did. */
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
