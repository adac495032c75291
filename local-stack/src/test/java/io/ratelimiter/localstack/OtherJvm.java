package io.ratelimiter.localstack;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A JVM with this test's class path, to be killed. */
public final class OtherJvm implements AutoCloseable {

  private final Process process;
  private final BufferedReader out;

  private OtherJvm(Process process) {
    this.process = process;
    this.out = process.inputReader();
  }

  /** Runs this main class; {@link #line} reads its standard output and error. */
  public static OtherJvm start(
      Map<String, String> environment, List<String> options, Class<?> main, String... args)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
    command.addAll(options);
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
    command.addAll(Arrays.asList(args));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().putAll(environment);
    return new OtherJvm(builder.start());
  }

  /** Blocks until a line with this start and returns it; skips the lines before. */
  public String line(String start) {
    List<String> skipped = new ArrayList<>();
    try {
      for (String line = out.readLine(); line != null; line = out.readLine()) {
        if (line.startsWith(start)) {
          return line;
        }
        skipped.add(line);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    throw new AssertionError("no line starts with '" + start + "' in " + skipped);
  }

  /** Blocks until the JVM ends and returns the rest of its output. */
  public String rest() {
    return String.join("\n", out.lines().toList());
  }

  /** Waits for its end and returns its exit code. */
  public int exitCode(Duration limit) throws Exception {
    if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
      throw new TimeoutException("still runs after " + limit);
    }
    return process.exitValue();
  }

  /** All processes started by it, directly or indirectly. */
  public List<ProcessHandle> descendants() {
    return process.descendants().toList();
  }

  /** SIGTERM. */
  public void terminate() {
    process.destroy();
  }

  /** SIGKILL. */
  public void kill() {
    process.destroyForcibly();
    process.onExit().join();
  }

  @Override
  public void close() {
    kill();
  }
}
