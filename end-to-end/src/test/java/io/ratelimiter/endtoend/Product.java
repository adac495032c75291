package io.ratelimiter.endtoend;

import io.ratelimiter.localstack.Ports;
import io.ratelimiter.localstack.run.Main;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/** The product started as by {@code ./run}, in its own process and folder and on free ports. */
final class Product implements AutoCloseable {

  private static final Duration READY_WITHIN = Duration.ofSeconds(120);
  private static final List<String> PORT_VARIABLES =
      List.of(
          "PORT",
          "CHECK_PORT",
          "AUDITOR_PORT",
          "LOCAL_REDIS_PORT",
          "LOCAL_POSTGRES_PORT",
          "LOCAL_KAFKA_PORT");

  private final Path folder;
  private final Map<String, Integer> ports = new LinkedHashMap<>();
  private final Map<String, String> environment = new LinkedHashMap<>();
  private final List<String> arguments = new ArrayList<>();
  private final List<Process> again = new ArrayList<>();
  private Process process;

  private Product(Path folder) {
    this.folder = folder;
    for (String variable : PORT_VARIABLES) {
      ports.put(variable, Ports.free());
    }
    // A slow machine must not count as a fault.
    environment.put("REDIS_TIMEOUT_MS", "2000");
    // No proxy has to detect the shutdown here.
    environment.put("DRAIN", "1s");
  }

  /** Prepares a folder with links to the repository's modules; starts nothing. */
  static Product in(Path folder) {
    Path repository = Path.of("..").toAbsolutePath().normalize();
    try {
      for (String entry : List.of("limiter-service", "stream-auditor", "local-stack", "deploy")) {
        Files.createSymbolicLink(folder.resolve(entry), repository.resolve(entry));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new Product(folder);
  }

  /** Sets a variable, used from the next start on. */
  Product with(String variable, String value) {
    environment.put(variable, value);
    return this;
  }

  /** Adds arguments of {@code ./run}, used from the next start on. */
  Product withArguments(String... more) {
    arguments.addAll(List.of(more));
    return this;
  }

  /** The log of one of its processes. */
  String log(String name) {
    try {
      return Files.readString(folder.resolve(".local/logs/" + name + ".log"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Starts it with the data in the folder, and waits until it is ready. */
  Product start() {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-Dratelimiter.home=" + folder);
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName()));
    command.addAll(arguments);
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.redirectOutput(output().toFile());
    ports.forEach((variable, port) -> builder.environment().put(variable, port.toString()));
    // Its processes live for a minute: starting takes half the CPU with the quick compiler alone.
    builder.environment().put("JDK_JAVA_OPTIONS", "-XX:TieredStopAtLevel=1");
    builder.environment().putAll(environment);
    try {
      process = builder.start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Awaitility.await("the product to be ready, see " + output())
        .atMost(READY_WITHIN)
        .until(() -> printed().contains("Ready.") || !process.isAlive());
    if (!process.isAlive()) {
      throw new AssertionError("the product ended while it started:\n" + printed());
    }
    return this;
  }

  /** Its output so far. */
  String printed() {
    try {
      return Files.readString(output());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Path output() {
    return folder.resolve("run.out");
  }

  int port(String variable) {
    return ports.get(variable);
  }

  List<Integer> ports() {
    return List.copyOf(ports.values());
  }

  /** Its process and all descendants. */
  List<ProcessHandle> processes() {
    List<ProcessHandle> all = new ArrayList<>(process.descendants().toList());
    all.add(process.toHandle());
    return all;
  }

  /** Sends SIGINT, as Ctrl-C does, and waits for its end. */
  void interrupt() {
    signal("INT");
    awaitEnd();
  }

  /** {@code kill -9} of the parent only; the watcher ends its children. */
  void kill() {
    process.destroyForcibly();
    awaitEnd();
  }

  /** Part of the command line by which a process is found. */
  private static final Map<String, String> COMMAND_LINES =
      Map.of(
          "redis", "redis-server",
          "postgres", "bin/postgres\0",
          "kafka", "KafkaLauncher",
          "limiter-service", "limiter-service-1.0.0-SNAPSHOT.jar",
          "stream-auditor", "stream-auditor-1.0.0-SNAPSHOT.jar");

  /** {@code kill -9} of one of its servers or services; the others continue. */
  void killServer(String name) {
    server(name).forEach(ProcessHandle::destroyForcibly);
  }

  /**
   * Restarts a killed service on the same ports, with more environment variables. It ends with the
   * product.
   */
  void startAgain(String service, Map<String, String> more) {
    ProcessBuilder builder =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-jar",
                service + "/target/" + service + "-1.0.0-SNAPSHOT.jar")
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve(service + "-again.out").toFile());
    ports.forEach((variable, port) -> builder.environment().put(variable, port.toString()));
    builder.environment().putAll(environment);
    builder.environment().put("REDIS_PORT", Integer.toString(port("LOCAL_REDIS_PORT")));
    builder.environment().put("KAFKA_BOOTSTRAP_SERVERS", "localhost:" + port("LOCAL_KAFKA_PORT"));
    builder.environment().put("STATE_DIR", folder.resolve("state-again").toString());
    builder.environment().putAll(more);
    try {
      again.add(builder.start());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The processes of one of its servers or services. */
  List<ProcessHandle> server(String name) {
    List<ProcessHandle> found =
        process
            .descendants()
            .filter(one -> commandLine(one).contains(COMMAND_LINES.get(name)))
            .toList();
    if (found.isEmpty()) {
      throw new AssertionError("no process of " + name);
    }
    return found;
  }

  private static String commandLine(ProcessHandle handle) {
    try {
      return Files.readString(Path.of("/proc/" + handle.pid() + "/cmdline"));
    } catch (IOException _) {
      return "";
    }
  }

  private void signal(String name) {
    try {
      new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start().waitFor();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private void awaitEnd() {
    try {
      if (!process.waitFor(90, TimeUnit.SECONDS)) {
        throw new AssertionError("it did not end:\n" + printed());
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    again.forEach(Process::destroyForcibly);
    if (process != null && process.isAlive()) {
      try {
        interrupt();
      } finally {
        // If it did not end, the watcher ends its children.
        process.destroyForcibly();
      }
    }
  }
}
