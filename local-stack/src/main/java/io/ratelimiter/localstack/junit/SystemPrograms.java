package io.ratelimiter.localstack.junit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Runs programs installed on this machine. A missing program fails the test with a message that
 * names it.
 */
public final class SystemPrograms {

  private SystemPrograms() {}

  /** Starts a program whose output goes to the file. */
  public static Process start(Path output, List<String> command) {
    try {
      return new ProcessBuilder(command)
          .redirectErrorStream(true)
          .redirectOutput(output.toFile())
          .start();
    } catch (IOException e) {
      throw new AssertionError(
          "%s is missing on this machine; .ci/run installs it".formatted(command.getFirst()), e);
    }
  }

  /**
   * Runs a program to its end and returns its exit code; fails after the limit. Its output is in
   * the file.
   */
  public static int run(Path output, Duration limit, List<String> command)
      throws InterruptedException {
    Process process = start(output, command);
    if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
      stop(process);
      throw new AssertionError(
          "%s has run for %d s".formatted(command.getFirst(), limit.toSeconds()));
    }
    return process.exitValue();
  }

  /** Sends SIGTERM to a program and its children. Does not wait for their end. */
  public static void stop(Process process) {
    process.descendants().forEach(ProcessHandle::destroy);
    process.destroy();
  }

  /** Returns the output of a program. */
  public static String text(Path output) {
    try {
      return Files.readString(output);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
