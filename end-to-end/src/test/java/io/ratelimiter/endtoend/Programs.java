package io.ratelimiter.endtoend;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
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

  /** Runs a program to its end and gives what it said; fails when it fails. */
  static String run(Path output, List<String> command) {
    Process process = start(output, command);
    try {
      if (!process.waitFor(60, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new AssertionError(command + " has run for a minute");
      }
      String said = Files.readString(output);
      if (process.exitValue() != 0) {
        throw new AssertionError(command + " failed:\n" + said);
      }
      return said;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
