package io.ratelimiter.localstack.process;

import io.ratelimiter.localstack.process.Watcher.StopPhase;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A child process in its own process session, with its output in a file. */
public final class ChildProcess {

  private static final int TAIL_LINES = 20;

  /**
   * What to run.
   *
   * @param name for messages
   * @param command program and arguments
   * @param environment added to this JVM's; a null value removes the variable
   * @param log all output is appended to this file
   * @param orphanSignal sent when this JVM has ended
   * @param phase the order in which processes are stopped when this JVM has ended
   */
  public record Program(
      String name,
      List<String> command,
      Map<String, @Nullable String> environment,
      Path log,
      Signal orphanSignal,
      StopPhase phase) {}

  private final Program program;
  private final Watcher watcher;
  private final Process process;

  private ChildProcess(Program program, Watcher watcher, Process process) {
    this.program = program;
    this.watcher = watcher;
    this.process = process;
  }

  /**
   * Starts the program. It cannot outlive this JVM: until the watcher has its process id, it is a
   * shell that waits for a line on its input.
   *
   * @throws ServerNotStarted if the program cannot be started
   */
  public static ChildProcess start(Program program, Watcher watcher) {
    try {
      Process process = builder(program).start();
      ChildProcess child = new ChildProcess(program, watcher, process);
      watcher.watch(process.pid(), program.orphanSignal(), program.phase());
      var _ = process.onExit().thenRun(() -> watcher.unwatch(process.pid()));
      try (var input = process.getOutputStream()) {
        input.write("go\n".getBytes(StandardCharsets.US_ASCII));
      }
      return child;
    } catch (IOException e) {
      throw new ServerNotStarted(program.name() + " does not start: " + e.getMessage(), e);
    }
  }

  private static ProcessBuilder builder(Program program) throws IOException {
    List<String> line = new ArrayList<>(Sessions.inNewSession("sh", "-c"));
    line.add("read -r go && exec \"$@\" </dev/null");
    line.add("sh");
    line.addAll(program.command());
    Files.createDirectories(program.log().toAbsolutePath().getParent());
    ProcessBuilder builder =
        new ProcessBuilder(line)
            .redirectErrorStream(true)
            .redirectOutput(Redirect.appendTo(program.log().toFile()));
    program.environment().forEach((key, value) -> set(builder.environment(), key, value));
    return builder;
  }

  private static void set(Map<String, String> environment, String key, @Nullable String value) {
    if (value == null) {
      environment.remove(key);
    } else {
      environment.put(key, value);
    }
  }

  /** Process id. */
  public long pid() {
    return process.pid();
  }

  /** Whether the process exists, paused or not. */
  public boolean isAlive() {
    return process.isAlive();
  }

  /** Completes with the exit code once the program has ended. */
  public CompletableFuture<Integer> exit() {
    return process.onExit().thenApply(Process::exitValue);
  }

  /**
   * Blocks until the program is ready.
   *
   * @param answers called every 40 ms; false or an unchecked exception means not ready yet
   * @throws ServerNotStarted if the program ends, or is not ready in time and has been killed
   */
  public void awaitReady(BooleanSupplier answers, Duration limit) {
    long deadlineNanos = System.nanoTime() + limit.toNanos();
    String last = "no answer";
    while (true) {
      try {
        if (answers.getAsBoolean()) {
          return;
        }
      } catch (RuntimeException e) {
        last = String.valueOf(e.getMessage());
      }
      if (endedWithin(Duration.ofMillis(40))) {
        throw notStarted("ended with exit code %d while starting".formatted(process.exitValue()));
      }
      if (System.nanoTime() > deadlineNanos) {
        kill();
        throw notStarted("was not ready after %d s (%s)".formatted(limit.toSeconds(), last));
      }
    }
  }

  /** Waits for the end of the program; false if it still runs when the limit has passed. */
  public boolean endedWithin(Duration limit) {
    try {
      return process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      kill();
      Thread.currentThread().interrupt();
      throw new ServerNotStarted("interrupted while waiting for " + program.name(), e);
    }
  }

  /** Sends the signal and kills the program after the limit; false if it had to be killed. */
  public boolean stop(Signal stopSignal, Duration limit) {
    if (!isAlive()) {
      return true;
    }
    signal(stopSignal);
    resume();
    if (endedWithin(limit)) {
      return true;
    }
    kill();
    return false;
  }

  /** Kills the program and its own children, and waits until it is gone. */
  public void kill() {
    List<ProcessHandle> children = process.descendants().toList();
    process.destroyForcibly();
    children.forEach(ProcessHandle::destroyForcibly);
    process.onExit().join();
    children.forEach(child -> child.onExit().join());
  }

  /** Pauses the program and its own children. */
  public void pause() {
    signal(Signal.STOP);
    List<Long> children = process.descendants().map(ProcessHandle::pid).toList();
    // Stopped children cannot detect the end of their parent.
    children.forEach(pid -> watcher.watch(pid, Signal.KILL, program.phase()));
    send(Signal.STOP, children);
  }

  /** Lets the program and its own children continue. */
  public void resume() {
    List<Long> children = process.descendants().map(ProcessHandle::pid).toList();
    send(Signal.CONT, children);
    children.forEach(watcher::unwatch);
    signal(Signal.CONT);
  }

  private void signal(Signal signal) {
    send(signal, List.of(pid()));
  }

  private void send(Signal signal, List<Long> pids) {
    if (pids.isEmpty()) {
      return;
    }
    // The kill of the shell: small container images have no such program.
    Stream<String> command = Stream.of("sh", "-c", "kill -s " + signal + " \"$@\"", "sh");
    try {
      new ProcessBuilder(Stream.concat(command, pids.stream().map(String::valueOf)).toList())
          .redirectErrorStream(true)
          .redirectOutput(Redirect.DISCARD)
          .start()
          .onExit()
          .join();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private ServerNotStarted notStarted(String fault) {
    return new ServerNotStarted(
        "%s %s%n--- last lines of %s%n%s%n---"
            .formatted(program.name(), fault, program.log(), tail(program.log())));
  }

  /** The last 20 lines of a log, or why it cannot be read. */
  public static String tail(Path log) {
    try {
      List<String> lines =
          Files.exists(log)
              ? new String(Files.readAllBytes(log), StandardCharsets.UTF_8).lines().toList()
              : List.of();
      return String.join("\n", lines.subList(Math.max(0, lines.size() - TAIL_LINES), lines.size()));
    } catch (IOException e) {
      return "(unreadable: " + e.getMessage() + ")";
    }
  }
}
