package io.ratelimiter.service;

import io.ratelimiter.localstack.Ports;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.awaitility.Awaitility;

/**
 * The service as a process of its own, for tests that stop or kill it or expect its start to fail.
 */
public final class LimiterProcess implements AutoCloseable {

  private final int port = Ports.free();
  private final int checkPort = Ports.free();
  private final Path outputFile;
  private final Process process;

  /**
   * Starts the process; see {@link #awaitReady}.
   *
   * @param folder for the spool and the output; new or empty
   * @param environment variables in addition to free ports
   * @param options of its JVM
   */
  public LimiterProcess(Path folder, Map<String, String> environment, String... options) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:+UseSerialGC", "--enable-native-access=ALL-UNNAMED"));
    // It runs for seconds only: with the C1 compiler alone the start takes half the CPU.
    command.add("-XX:TieredStopAtLevel=1");
    command.addAll(List.of(options));
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add(LimiterServiceApplication.class.getName());
    try {
      outputFile = Files.createDirectories(folder).resolve("output.log");
      ProcessBuilder builder =
          new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(outputFile.toFile());
      builder.environment().put("PORT", Integer.toString(port));
      builder.environment().put("CHECK_PORT", Integer.toString(checkPort));
      builder.environment().put("SPOOL_DIR", folder.resolve("spool").toString());
      builder.environment().putAll(environment);
      process = builder.start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Base URL of the service. */
  public URI url() {
    return URI.create("http://127.0.0.1:" + port);
  }

  /** Base URL of the check port. */
  public URI checkUrl() {
    return URI.create("http://127.0.0.1:" + checkPort);
  }

  /** Blocks until the service is ready; fails with its output if it exits before. */
  public LimiterProcess awaitReady() {
    HttpRequest probe = HttpRequest.newBuilder(url().resolve("/readyz")).build();
    try (HttpClient client = HttpClient.newHttpClient()) {
      Awaitility.await()
          .atMost(Duration.ofSeconds(60))
          .ignoreExceptionsInstanceOf(IOException.class)
          .until(() -> !process.isAlive() || answers(client, probe));
    }
    if (!process.isAlive()) {
      throw new AssertionError("it exited during the start:\n" + output());
    }
    return this;
  }

  private static boolean answers(HttpClient client, HttpRequest probe)
      throws IOException, InterruptedException {
    return client.send(probe, BodyHandlers.discarding()).statusCode() == 200;
  }

  /** The output so far. */
  public String output() {
    try {
      return Files.readString(outputFile);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Sends SIGSTOP, and SIGCONT after this time; blocks until then. */
  public void pauseFor(Duration time) {
    signal("STOP");
    long endNanos = System.nanoTime() + time.toNanos();
    for (long left = time.toNanos(); left > 0; left = endNanos - System.nanoTime()) {
      LockSupport.parkNanos(left);
    }
    signal("CONT");
  }

  /** Process id. */
  public long pid() {
    return process.pid();
  }

  private void signal(String name) {
    try {
      int exit =
          new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start().waitFor();
      if (exit != 0) {
        throw new AssertionError("kill -" + name + " ended with " + exit);
      }
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** Sends SIGTERM; does not wait. */
  public void terminate() {
    process.destroy();
  }

  /** Sends SIGKILL and waits for the exit. */
  public void kill() {
    process.destroyForcibly();
    awaitExit();
  }

  /** Waits for the exit; returns the exit code. */
  public int awaitExit() {
    try {
      if (!process.waitFor(60, TimeUnit.SECONDS)) {
        throw new AssertionError("it did not exit:\n" + output());
      }
      return process.exitValue();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public void close() {
    process.destroyForcibly();
    awaitExit();
  }
}
