package io.ratelimiter.localstack;

import io.ratelimiter.localstack.process.ChildProcess;
import io.ratelimiter.localstack.process.ChildProcess.Program;
import io.ratelimiter.localstack.process.Folders;
import io.ratelimiter.localstack.process.ServerNotStarted;
import io.ratelimiter.localstack.process.Signal;
import io.ratelimiter.localstack.process.Watcher;
import io.ratelimiter.localstack.process.Watcher.StopPhase;
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
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** One of the product's programs, an executable jar, as a child process. */
public final class Service {

  private static final Duration START_LIMIT = Duration.ofMinutes(2);
  private static final Duration STOP_LIMIT = Duration.ofSeconds(20);
  private static final Duration REQUEST_LIMIT = Duration.ofSeconds(2);

  /**
   * What to run, and where it reports readiness.
   *
   * @param name for messages
   * @param jar started with {@code java -jar}
   * @param jvmOptions options of its JVM
   * @param environment added to this JVM's; a null value removes the variable
   * @param ready answers 200 once the service is ready
   * @param folder for its temporary files
   * @param logFile receives its output
   */
  public record Description(
      String name,
      Path jar,
      List<String> jvmOptions,
      Map<String, @Nullable String> environment,
      URI ready,
      Path folder,
      Path logFile) {}

  private final Description description;
  private final ChildProcess process;

  private Service(Description description, ChildProcess process) {
    this.description = description;
    this.process = process;
  }

  /** Starts the process; see {@link #awaitReady}. */
  public static Service start(Description description, Watcher watcher) {
    if (!Files.isRegularFile(description.jar())) {
      throw new ServerNotStarted(description.name() + " is not built: no " + description.jar());
    }
    Path temporary = Folders.create(description.folder().resolve("tmp"));
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    // Temporary files are deleted together with the service's data.
    command.add("-Djava.io.tmpdir=" + temporary.toAbsolutePath());
    command.addAll(description.jvmOptions());
    command.addAll(List.of("-jar", description.jar().toString()));
    Program program =
        new Program(
            description.name(),
            command,
            description.environment(),
            description.logFile(),
            Signal.TERM,
            StopPhase.SERVICE);
    return new Service(description, ChildProcess.start(program, watcher));
  }

  /**
   * Blocks until the service is ready.
   *
   * @throws ServerNotStarted if it ends, or is not ready within 2 min
   */
  public void awaitReady() {
    try (HttpClient client = HttpClient.newBuilder().connectTimeout(REQUEST_LIMIT).build()) {
      HttpRequest request =
          HttpRequest.newBuilder(description.ready()).timeout(REQUEST_LIMIT).build();
      process.awaitReady(() -> isReady(client, request), START_LIMIT);
    }
  }

  private static boolean isReady(HttpClient client, HttpRequest request) {
    try {
      return client.send(request, BodyHandlers.discarding()).statusCode() == 200;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** Stops the service in order; false if it had to be killed after 20 s. */
  public boolean stop() {
    return process.stop(Signal.TERM, STOP_LIMIT);
  }

  /** Kills the service with SIGKILL, as a crash would, and waits for its end. */
  public void kill() {
    process.kill();
  }

  /** The description that it was started with. */
  public Description description() {
    return description;
  }

  /** Process id. */
  public long pid() {
    return process.pid();
  }

  /** Completes with the exit code when the process ends. */
  public CompletableFuture<Integer> exit() {
    return process.exit();
  }
}
