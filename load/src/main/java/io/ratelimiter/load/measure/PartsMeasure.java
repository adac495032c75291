package io.ratelimiter.load.measure;

import io.ratelimiter.load.report.Report;
import io.ratelimiter.load.report.Section;
import io.ratelimiter.load.report.Table;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Time and allocation of the parts of a check, by JMH. */
final class PartsMeasure implements Measure {

  private static final String JMH = "org.openjdk.jmh.Main";

  /** Column of the benchmark's parameter, if it has one. */
  private static final int PARAM = 7;

  private static final String BENCHMARKS = "io\\.ratelimiter\\..*Benchmark";

  @Override
  public List<String> ids() {
    return List.of("jmh");
  }

  @Override
  public Section take(Plan plan, Report report) {
    Path results = plan.settings().repository().resolve("load/target/jmh.csv");
    run(plan, results);
    Table table = new Table("part", "ns", "± ns", "bytes allocated");
    try {
      List<String[]> rows =
          Files.readAllLines(results).stream().skip(1).map(line -> line.split(",", -1)).toList();
      for (String[] row : rows) {
        if (!row[0].contains(":")) {
          table.row(name(row), rounded(row[4]), rounded(row[5]), allocated(rows, row));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new Section(
        "jmh", "Parts of a check", List.of(), "JMH, average time, one thread.\n" + table, Map.of());
  }

  private static void run(Plan plan, Path results) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), JMH, BENCHMARKS));
    command.addAll(List.of("-f", "2", "-wi", "3", "-w", "1", "-i", "5", "-r", "1"));
    command.addAll(List.of("-bm", "avgt", "-tu", "ns", "-prof", "gc", "-foe", "true"));
    command.addAll(List.of("-rf", "csv", "-rff", results.toString()));
    plan.settings()
        .jvmOptions()
        .forEach(option -> command.addAll(List.of("-jvmArgsAppend", option)));
    try {
      int exit = new ProcessBuilder(command).inheritIO().start().waitFor();
      if (exit != 0) {
        throw new IllegalStateException("JMH ended with " + exit);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static String name(String[] row) {
    String bare = row[0].replace("\"", "");
    String name = bare.substring(bare.lastIndexOf('.') + 1);
    return param(row).isEmpty() ? name : name + ", " + param(row);
  }

  private static String param(String[] row) {
    return row.length > PARAM ? row[PARAM] : "";
  }

  private static String rounded(String nanos) {
    return "%.1f".formatted(Double.parseDouble(nanos));
  }

  private static String allocated(List<String[]> rows, String[] of) {
    String wanted = of[0].replace("\"", "") + ":gc.alloc.rate.norm";
    return rows.stream()
        .filter(row -> row[0].replace("\"", "").replace("·", "").equals(wanted))
        .filter(row -> param(row).equals(param(of)))
        .map(row -> "%.0f".formatted(Double.parseDouble(row[4])))
        .findFirst()
        .orElse("");
  }
}
