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

/** What the parts of a check cost by themselves; by JMH. */
final class PartsMeasure implements Measure {

  private static final String JMH = "org.openjdk.jmh.Main";
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
          table.row(name(row[0]), row[4], row[5], allocated(rows, row[0]));
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

  private static String name(String benchmark) {
    String bare = benchmark.replace("\"", "");
    return bare.substring(bare.lastIndexOf('.') + 1);
  }

  private static String allocated(List<String[]> rows, String benchmark) {
    String wanted = benchmark.replace("\"", "") + ":gc.alloc.rate.norm";
    return rows.stream()
        .filter(row -> row[0].replace("\"", "").replace("·", "").equals(wanted))
        .map(row -> "%.0f".formatted(Double.parseDouble(row[4])))
        .findFirst()
        .orElse("");
  }
}
