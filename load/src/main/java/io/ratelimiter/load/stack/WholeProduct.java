package io.ratelimiter.load.stack;

import io.ratelimiter.localstack.Ports;
import io.ratelimiter.localstack.process.Folders;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** The product as started by {@code ./run}, on free ports and without data of earlier runs. */
public final class WholeProduct implements AutoCloseable {

  private static final Duration MAX_WAIT = Duration.ofMinutes(15);
  private static final Duration POLL = Duration.ofMillis(25);
  private static final List<String> PORTS =
      List.of("AUDITOR_PORT", "LOCAL_REDIS_PORT", "LOCAL_POSTGRES_PORT", "LOCAL_KAFKA_PORT");

  private final Path folder;
  private final int port;
  private final Process process;

  private WholeProduct(Path folder, int port, Process process) {
    this.folder = folder;
    this.port = port;
    this.process = process;
    // Otherwise it and its servers would outlive this process.
    Runtime.getRuntime().addShutdownHook(new Thread(process::destroy, "end ./run"));
  }

  /**
   * Starts {@code ./run} in a folder with links to the repository's files. Does not block; see
   * {@link #awaitAnswer()}.
   */
  public static WholeProduct start(Path repository) {
    try {
      Path folder = Files.createTempDirectory("ratelimiter-run-");
      try (var entries = Files.list(repository)) {
        for (Path entry : entries.filter(path -> !path.endsWith(".local")).toList()) {
          Files.createSymbolicLink(folder.resolve(String.valueOf(entry.getFileName())), entry);
        }
      }
      int port = Ports.free();
      ProcessBuilder builder = new ProcessBuilder(folder.resolve("run").toString());
      PORTS.forEach(name -> builder.environment().put(name, String.valueOf(Ports.free())));
      builder.environment().put("PORT", String.valueOf(port));
      builder.redirectErrorStream(true).redirectOutput(folder.resolve("run.out").toFile());
      return new WholeProduct(folder, port, builder.start());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Blocks until a check is answered. */
  public void awaitAnswer() {
    awaitAnswer(port);
  }

  /** Blocks until a check is answered on this port of this machine. */
  public static void awaitAnswer(int port) {
    HttpRequest check =
        HttpRequest.newBuilder(URI.create("http://localhost:" + port + "/v1/check"))
            .header("Content-Type", "application/json")
            .timeout(Duration.ofSeconds(2))
            .POST(BodyPublishers.ofString("{\"client_id\":\"first\"}"))
            .build();
    long deadline = System.nanoTime() + MAX_WAIT.toNanos();
    try (HttpClient client = HttpClient.newHttpClient()) {
      while (!isAnswered(client, check)) {
        if (System.nanoTime() - deadline > 0) {
          throw new IllegalStateException("no check was answered within " + MAX_WAIT);
        }
        LockSupport.parkNanos(POLL.toNanos());
      }
    }
  }

  private static boolean isAnswered(HttpClient client, HttpRequest check) {
    try {
      return client.send(check, BodyHandlers.discarding()).statusCode() == 200;
    } catch (IOException _) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** Ends {@code ./run} as Ctrl-C does, and waits for its end. */
  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(1, TimeUnit.MINUTES)) {
        process.destroyForcibly().waitFor();
      }
      try (var links = Files.list(folder)) {
        for (Path link : links.filter(Files::isSymbolicLink).toList()) {
          Files.delete(link);
        }
      }
      Folders.delete(folder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
