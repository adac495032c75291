package io.ratelimiter.localstack;

import io.ratelimiter.localstack.ChildProcess.Program;
import io.ratelimiter.localstack.Watcher.Turn;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A real server as a child process, on one port and one data folder for all its lives.
 *
 * <p>Every method blocks until it is true what its name says. Not for use by several threads at
 * once, except the getters.
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

  /** Makes the data folder ready and says what to run. */
  abstract List<String> prepare();

  /** Whether the server answers its own protocol. */
  abstract boolean answers();

  /** The signal that makes this server stop in order. */
  abstract Signal farewell();

  /** The signal that it gets when this JVM died: where nobody needs the data, the shortest way. */
  Signal lastSignal() {
    return place.isTemporary() ? Signal.KILL : farewell();
  }

  /** What the first start needs once the server answers. */
  void afterStart() {}

  /** Variables of the child's environment; null takes one away. */
  Map<String, @Nullable String> environment() {
    return Map.of();
  }

  /**
   * Starts the server and returns once it answers its own protocol.
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
        new Program(what, command, environment(), log, lastSignal(), Turn.SERVER), watcher);
  }

  /** Stops the server in order; one that does not go within 20 s is killed. */
  public final void stop() {
    ChildProcess running = process;
    if (running != null) {
      running.stop(farewell(), STOP_LIMIT);
    }
  }

  /** Ends the server at once, with SIGKILL, as a crash would. */
  public final void kill() {
    running().kill();
  }

  /** Freezes the server with SIGSTOP: its port stays open and nothing answers. */
  public final void pause() {
    running().pause();
  }

  /** Lets a paused server go on, with SIGCONT. */
  public final void resume() {
    running().resume();
  }

  /** Stops the server if it runs, and starts it on the same port with the data that it has. */
  public final void restart() {
    stop();
    start();
  }

  /** Stops the server if it runs, and starts it on the same port with no data. */
  public final void restartEmpty() {
    stop();
    Folders.delete(place.folder());
    start();
  }

  /** Stops the server; a temporary one loses its data, while its log stays until the JVM ends. */
  @Override
  public final void close() {
    ChildProcess running = process;
    if (place.isTemporary()) {
      if (running != null) {
        running.stop(lastSignal(), STOP_LIMIT);
      }
      Folders.delete(place.folder());
    } else {
      stop();
    }
  }

  /** Where clients connect, on localhost; the same for all its lives. */
  public final int port() {
    return place.port();
  }

  /** Process id of the running server. */
  public final long pid() {
    return running().pid();
  }

  /** What the server says, of all its lives. */
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
