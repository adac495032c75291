package io.ratelimiter.load.report;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Describes the machine and the commit that figures were measured with. */
public final class Machine {

  private static final Path PROCESSORS = Path.of("/proc/cpuinfo");
  private static final Path MEMORY = Path.of("/proc/meminfo");

  private Machine() {}

  /** Processor, cores, memory, kernel, JVM. */
  public static String description() {
    return "%d cores of %s, %s of memory, %s %s, %s %s"
        .formatted(
            Runtime.getRuntime().availableProcessors(),
            field(PROCESSORS, "model name"),
            field(MEMORY, "MemTotal"),
            System.getProperty("os.name"),
            System.getProperty("os.version"),
            System.getProperty("java.vm.name"),
            System.getProperty("java.vm.version"));
  }

  /** The commit of this folder, and whether files other than the report have changed since. */
  public static String commit(Path repository) {
    String id = output(repository, "git", "rev-parse", "--short=12", "HEAD");
    String changed =
        output(
            repository,
            "git",
            "status",
            "--porcelain",
            "--untracked-files=no",
            "--",
            ".",
            ":!load/report.md",
            ":!load/charts");
    return id.isEmpty() ? "unknown" : changed.isEmpty() ? id : id + " and changes";
  }

  private static String field(Path file, String name) {
    try {
      List<String> lines = Files.exists(file) ? Files.readAllLines(file) : List.of();
      return lines.stream()
          .filter(line -> line.startsWith(name))
          .map(line -> line.substring(line.indexOf(':') + 1).strip())
          .findFirst()
          .orElse("unknown");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String output(Path folder, String... command) {
    try {
      Process process = new ProcessBuilder(command).directory(folder.toFile()).start();
      return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    } catch (IOException _) {
      return "";
    }
  }
}
