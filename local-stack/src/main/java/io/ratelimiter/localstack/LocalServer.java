package io.ratelimiter.localstack;

import io.ratelimiter.localstack.process.ChildProcess;
import io.ratelimiter.localstack.process.ChildProcess.Program;
import io.ratelimiter.localstack.process.Folders;
import io.ratelimiter.localstack.process.ServerNotStarted;
import io.ratelimiter.localstack.process.Signal;
import io.ratelimiter.localstack.process.Watcher;
import io.ratelimiter.localstack.process.Watcher.StopPhase;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A real server as a child process. It keeps its port and its data folder over restarts.
 *
 * <p>Methods block until the server is in the new state. Not thread-safe, except the getters.
 */
public abstract sealed class LocalServer implements AutoCloseable
    permits RedisServer, RedisSentinel, PostgresServer, KafkaServer {

  static final Duration START_LIMIT = Duration.ofSeconds(60);
  static final Duration STOP_LIMIT = Duration.ofSeconds(20);

  private final String name;
  private final ServerPlace place;
  private final Watcher watcher;
  private volatile @Nullable ChildProcess process;

  LocalServer(String name, ServerPlace place, Watcher watcher) {
    this.name = name;
    this.place = place;
    this.watcher = watcher;
  }

  /** Prepares the data folder and returns the command line. */
  abstract List<String> prepare();

  /** Whether the server answers a request in its own protocol. */
  abstract boolean answers();

  /** The signal for an orderly stop. */
  abstract Signal stopSignal();

  /** The signal sent after the end of this JVM; KILL where the data is temporary. */
  Signal orphanSignal() {
    return place.isTemporary() ? Signal.KILL : stopSignal();
  }

  /** Called after each start, once the server answers. */
  void afterStart() {}

  /** Variables added to the child's environment; a null value removes the variable. */
  Map<String, @Nullable String> environment() {
    return Map.of();
  }

  /**
   * Starts the server and blocks until it answers in its own protocol.
   *
   * @throws ServerNotStarted if it ends or does not answer within 60 s
   */
  public final void start() {
    if (isRunning()) {
      throw new IllegalStateException(this + " runs already");
    }
    Folders.create(place.folder());
    ChildProcess started = launch(name, prepare(), place.logFile());
    process = started;
    started.awaitReady(this::answers, START_LIMIT);
    afterStart();
  }

  final ChildProcess launch(String what, List<String> command, Path log) {
    return ChildProcess.start(
        new Program(what, command, environment(), log, orphanSignal(), StopPhase.SERVER), watcher);
  }

  /** Stops the server in order; kills it after 20 s. */
  public final void stop() {
    ChildProcess running = process;
    if (running != null) {
      running.stop(stopSignal(), STOP_LIMIT);
    }
  }

  /** Kills the server with SIGKILL, as a crash would. */
  public final void kill() {
    running().kill();
  }

  /** Pauses the server with SIGSTOP: its port stays open, but it does not answer. */
  public final void pause() {
    running().pause();
  }

  /** Resumes a paused server with SIGCONT. */
  public final void resume() {
    running().resume();
  }

  /** Stops the server if it runs, and starts it on the same port with its data. */
  public final void restart() {
    stop();
    start();
  }

  /** Stops the server if it runs, deletes its data and starts it on the same port. */
  public final void restartEmpty() {
    stop();
    Folders.delete(place.folder());
    start();
  }

  /** Stops the server and deletes temporary data; the log stays until the JVM ends. */
  @Override
  public final void close() {
    ChildProcess running = process;
    if (place.isTemporary()) {
      if (running != null) {
        running.stop(orphanSignal(), STOP_LIMIT);
      }
      Folders.delete(place.folder());
    } else {
      stop();
    }
  }

  /** The port of localhost that clients connect to; the same over restarts. */
  public final int port() {
    return place.port();
  }

  /** Process id of the running server. */
  public final long pid() {
    return running().pid();
  }

  /** The server's log, of all its starts. */
  public final Path logFile() {
    return place.logFile();
  }

  /** Whether the process exists, paused or not. */
  public final boolean isRunning() {
    ChildProcess current = process;
    return current != null && current.isAlive();
  }

  /** Completes with the exit code when the current process ends. */
  public final CompletableFuture<Integer> exit() {
    return running().exit();
  }

  final ServerPlace place() {
    return place;
  }

  private ChildProcess running() {
    ChildProcess current = process;
    if (current == null) {
      throw new IllegalStateException(name + " was not started");
    }
    return current;
  }

  @Override
  public final String toString() {
    return name + " on port " + place.port();
  }
}
