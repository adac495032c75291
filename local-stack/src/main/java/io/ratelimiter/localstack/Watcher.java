package io.ratelimiter.localstack;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Objects;

/**
 * A shell process in a session of its own that ends the children of this JVM when the JVM is gone,
 * also by {@code kill -9}: it sees the end of the pipe that only this JVM holds.
 *
 * <p>{@link #close} ends what is still listed in the same way. All methods may be called from any
 * thread.
 */
public final class Watcher implements AutoCloseable {

  /** When a child is ended, against the others. */
  enum Turn {
    SERVICE(1),
    SERVER(2);

    private final int number;

    Turn(int number) {
      this.number = number;
    }
  }

  private final Process shell;
  private final Writer commands;

  /** Starts the shell. */
  public Watcher() {
    try {
      shell =
          new ProcessBuilder(Sessions.own("sh", "-c", script(), "ratelimiter-watcher"))
              .redirectOutput(Redirect.DISCARD)
              .redirectError(Redirect.DISCARD)
              .start();
    } catch (IOException e) {
      throw new UncheckedIOException("the watcher of the child processes does not start", e);
    }
    commands = shell.outputWriter(StandardCharsets.UTF_8);
  }

  /** Lists a process: on the end it gets this signal, and KILL if it does not go. */
  void watch(long pid, Signal signal, Turn turn) {
    say("watch " + pid + " " + signal + " " + turn.number);
  }

  void forget(long pid) {
    say("forget " + pid);
  }

  /**
   * Makes a folder in the system's temporary folder that is deleted with this JVM.
   *
   * @param name the start of its name
   */
  public Path temporaryFolder(String name) {
    try {
      Path folder = Files.createTempDirectory("ratelimiter-" + name + "-");
      // PostgreSQL, where it runs as another user, must be able to pass.
      Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx--x--x"));
      say("folder " + folder);
      return folder;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Ends what is still listed and waits for it, at most about 20 s. */
  @Override
  public void close() {
    try {
      commands.close();
      shell.waitFor();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private synchronized void say(String command) {
    try {
      commands.write(command + "\n");
      commands.flush();
    } catch (IOException e) {
      throw new UncheckedIOException("the watcher of the child processes is gone", e);
    }
  }

  private static String script() throws IOException {
    try (InputStream in = Watcher.class.getResourceAsStream("watcher.sh")) {
      return new String(
          Objects.requireNonNull(in, "watcher.sh").readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
