package io.ratelimiter.service.full;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Programs of this machine. One that is missing fails the test, and says what is missing. */
final class Programs {

  private Programs() {}

  /** Starts a program whose output goes to the file. */
  static Process start(Path output, List<String> command) {
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

  /** Runs a program to its end; fails when that takes longer. */
  static int run(Path output, long seconds, List<String> command) throws InterruptedException {
    Process process = start(output, command);
    if (!process.waitFor(seconds, TimeUnit.SECONDS)) {
      stop(process);
      throw new AssertionError(command.getFirst() + " has run for " + seconds + " s");
    }
    return process.exitValue();
  }

  /** Ends a program and those that it started. */
  static void stop(Process process) {
    process.descendants().forEach(ProcessHandle::destroy);
    process.destroy();
  }

  /** What a program said. */
  static String text(Path output) throws IOException {
    return new String(java.nio.file.Files.readAllBytes(output), StandardCharsets.UTF_8);
  }
}
