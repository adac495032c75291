package io.ratelimiter.auditor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** The auditor in a separate process, which a test can kill. */
final class AuditorProcess implements AutoCloseable {

  /** For a profiler: {@code -Daudit.jvm=-XX:StartFlightRecording=filename=a.jfr}. */
  private static final List<String> MORE_OPTIONS =
      Stream.of(System.getProperty("audit.jvm", "").split(" "))
          .filter(option -> !option.isEmpty())
          .toList();

  private final Process process;

  private AuditorProcess(Process process) {
    this.process = process;
  }

  /** Starts it on a free port, with its state in a folder and its output in the build folder. */
  static AuditorProcess start(Path folder, String name, Map<String, String> environment) {
    List<String> command = new ArrayList<>(List.of(program("java")));
    command.addAll(List.of("-Xmx320m", "-XX:+UseSerialGC", "--enable-native-access=ALL-UNNAMED"));
    // It runs for seconds only: with the C1 compiler alone the start takes half the CPU.
    command.add("-XX:TieredStopAtLevel=1");
    command.addAll(MORE_OPTIONS);
    command.add("-cp");
    command.add(
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")));
    command.add(AuditorApplication.class.getName());
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().put("AUDITOR_PORT", "0");
    builder.environment().putAll(environment);
    builder.environment().put("STATE_DIR", folder.resolve(name).toString());
    builder.redirectErrorStream(true);
    builder.redirectOutput(
        ProcessBuilder.Redirect.appendTo(Path.of("target", "auditor-" + name + ".log").toFile()));
    try {
      Process process = builder.start();
      Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
      return new AuditorProcess(process);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String program(String name) {
    return Path.of(System.getProperty("java.home"), "bin", name).toString();
  }

  /** {@code SIGKILL}: nothing is flushed. */
  void kill() {
    process.destroyForcibly();
    awaitEnd();
  }

  /** {@code SIGTERM}, and waits. */
  @Override
  public void close() {
    process.destroy();
    awaitEnd();
  }

  private void awaitEnd() {
    try {
      if (!process.waitFor(90, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new IllegalStateException("the auditor did not end within 90 s");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** Waits for the end of the process and returns its exit code. */
  int exitCode() {
    awaitEnd();
    return process.exitValue();
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /** Processor time so far. */
  Duration cpu() {
    return process.info().totalCpuDuration().orElse(Duration.ZERO);
  }

  /** Resident memory, megabytes. */
  long residentMegabytes() {
    try (Stream<String> lines = Files.lines(Path.of("/proc/" + process.pid() + "/status"))) {
      return lines
              .filter(line -> line.startsWith("VmRSS:"))
              .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
              .sum()
          / 1024;
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Heap in use after a full collection, megabytes; pauses the process. */
  long liveMegabytes() {
    try {
      Process histogram =
          new ProcessBuilder(program("jcmd"), "" + process.pid(), "GC.class_histogram")
              .redirectErrorStream(true)
              .start();
      String total = histogram.inputReader().lines().reduce("", (before, line) -> line);
      return Long.parseLong(total.strip().split("\\s+")[2]) >> 20;
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
