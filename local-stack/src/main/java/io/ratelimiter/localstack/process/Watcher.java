package io.ratelimiter.localstack.process;

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
 * A shell in its own process session that ends the children of this JVM once the JVM has ended,
 * also by {@code kill -9}: its input, a pipe held only by this JVM, is closed then.
 *
 * <p>{@link #close} ends the processes that are still listed in the same way. Thread-safe.
 */
public final class Watcher implements AutoCloseable {

  /** The order in which children are ended: services before the servers that they use. */
  public enum StopPhase {
    /** The product's own programs, ended first. */
    SERVICE(1),
    /** Redis, PostgreSQL and Kafka. */
    SERVER(2);

    private final int number;

    StopPhase(int number) {
      this.number = number;
    }
  }

  private final Process shell;
  private final Writer commands;

  /** Starts the shell. */
  public Watcher() {
    try {
      shell =
          new ProcessBuilder(Sessions.inNewSession("sh", "-c", script(), "ratelimiter-watcher"))
              .redirectOutput(Redirect.DISCARD)
              .redirectError(Redirect.DISCARD)
              .start();
    } catch (IOException e) {
      throw new UncheckedIOException("the watcher of the child processes does not start", e);
    }
    commands = shell.outputWriter(StandardCharsets.UTF_8);
  }

  /** Lists a process that is to get this signal at the end, and KILL if it has not ended by 8 s. */
  void watch(long pid, Signal signal, StopPhase phase) {
    send("watch " + pid + " " + signal + " " + phase.number);
  }

  void unwatch(long pid) {
    send("unwatch " + pid);
  }

  /**
   * Creates a folder in the system's temporary folder, deleted when this JVM has ended.
   *
   * @param name part of the folder's name
   */
  public Path temporaryFolder(String name) {
    try {
      Path folder = Files.createTempDirectory("ratelimiter-" + name + "-");
      // PostgreSQL may run as another user and must be able to enter.
      Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx--x--x"));
      send("folder " + folder);
      return folder;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Ends the listed processes and waits for their end, up to about 20 s. */
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

  private synchronized void send(String command) {
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
