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

/** The service as a process of its own, to be stopped, killed or refused a start. */
public final class LimiterProcess implements AutoCloseable {

  private final int port = Ports.free();
  private final int checkPort = Ports.free();
  private final Path output;
  private final Process process;

  /**
   * Starts it; see {@link #awaitReady}.
   *
   * @param folder new or empty: for its spool and what it says
   * @param environment its variables, beside free ports
   * @param options of its JVM
   */
  public LimiterProcess(Path folder, Map<String, String> environment, String... options) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:+UseSerialGC", "--enable-native-access=ALL-UNNAMED"));
    // It lives for seconds: starting takes half the CPU with the quick compiler alone.
    command.add("-XX:TieredStopAtLevel=1");
    command.addAll(List.of(options));
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add(LimiterServiceApplication.class.getName());
    try {
      output = Files.createDirectories(folder).resolve("said.log");
      ProcessBuilder builder =
          new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
      builder.environment().put("PORT", Integer.toString(port));
      builder.environment().put("CHECK_PORT", Integer.toString(checkPort));
      builder.environment().put("SPOOL_DIR", folder.resolve("spool").toString());
      builder.environment().putAll(environment);
      process = builder.start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Where it listens. */
  public URI url() {
    return URI.create("http://127.0.0.1:" + port);
  }

  /** Where checks alone are served. */
  public URI checkUrl() {
    return URI.create("http://127.0.0.1:" + checkPort);
  }

  /** Blocks until it says that it is ready; fails with its words when it ends before. */
  public LimiterProcess awaitReady() {
    HttpRequest probe = HttpRequest.newBuilder(url().resolve("/readyz")).build();
    try (HttpClient client = HttpClient.newHttpClient()) {
      Awaitility.await()
          .atMost(Duration.ofSeconds(60))
          .ignoreExceptionsInstanceOf(IOException.class)
          .until(() -> !process.isAlive() || answers(client, probe));
    }
    if (!process.isAlive()) {
      throw new AssertionError("it ended while it started:\n" + said());
    }
    return this;
  }

  private static boolean answers(HttpClient client, HttpRequest probe)
      throws IOException, InterruptedException {
    return client.send(probe, BodyHandlers.discarding()).statusCode() == 200;
  }

  /** What it has printed so far. */
  public String said() {
    try {
      return Files.readString(output);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * SIGSTOP, and SIGCONT after this time; blocks meanwhile, since the pause itself is the fault.
   */
  public void pauseFor(Duration time) {
    signal("STOP");
    long endNanos = System.nanoTime() + time.toNanos();
    for (long left = time.toNanos(); left > 0; left = endNanos - System.nanoTime()) {
      LockSupport.parkNanos(left);
    }
    signal("CONT");
  }

  /** The process of the limiter. */
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

  /** SIGTERM; does not wait. */
  public void terminate() {
    process.destroy();
  }

  /** SIGKILL; waits for the end. */
  public void kill() {
    process.destroyForcibly();
    awaitExit();
  }

  /** Waits for its end; the exit code. */
  public int awaitExit() {
    try {
      if (!process.waitFor(60, TimeUnit.SECONDS)) {
        throw new AssertionError("it did not end:\n" + said());
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
