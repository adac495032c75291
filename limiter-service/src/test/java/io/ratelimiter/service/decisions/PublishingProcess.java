package io.ratelimiter.service.decisions;

import io.ratelimiter.service.check.CheckResult;
import io.ratelimiter.service.decisions.series.DropReason;
import java.io.BufferedReader;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import org.springframework.util.unit.DataSize;

/** A JVM that publishes decisions at a steady rate until it is killed, and prints their ids. */
final class PublishingProcess implements AutoCloseable {

  private static final String READY = "ready";

  private final Process process;
  private final Thread reader;
  private final Map<String, Boolean> answered = new ConcurrentHashMap<>();

  private volatile String books = "";

  private PublishingProcess(Process process, BufferedReader out) {
    this.process = process;
    this.reader = Thread.ofVirtual().start(() -> read(out));
  }

  /** Starts the process; returns once it publishes. */
  static PublishingProcess start(StreamFixture fixture, int perSecond) throws IOException {
    return start(fixture, perSecond, List.of());
  }

  /** As on a disk where no file can exceed this size. */
  static PublishingProcess startOnFullDisk(StreamFixture fixture, int perSecond, int kilobytes)
      throws IOException {
    // The shell's unit is 512 bytes; the JVM itself writes no file.
    return start(
        fixture,
        perSecond,
        List.of("sh", "-c", "ulimit -f " + 2 * kilobytes + " && exec \"$@\"", "sh"));
  }

  /** With the spool's folder on a volume of its own, of this size. */
  static PublishingProcess startOnSmallVolume(StreamFixture fixture, int perSecond, int megabytes)
      throws IOException {
    String mount = "mount -t tmpfs -o size=%dm none '%s'".formatted(megabytes, fixture.spoolDir());
    return start(
        fixture,
        perSecond,
        List.of("unshare", "-Urm", "sh", "-c", mount + " && exec \"$@\"", "sh"));
  }

  /** This path as the process sees it, with its mounts. */
  Path inside(Path path) {
    return Path.of("/proc", String.valueOf(process.pid()), "root" + path);
  }

  private static PublishingProcess start(StreamFixture fixture, int perSecond, List<String> wrapper)
      throws IOException {
    List<String> command = new ArrayList<>(wrapper);
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx256m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
    command.add("-XX:-UsePerfData");
    command.addAll(
        List.of(
            "--enable-native-access=ALL-UNNAMED", "-cp", System.getProperty("java.class.path")));
    command.addAll(
        List.of(
            PublishingProcess.class.getName(),
            fixture.bootstrapServers(),
            fixture.instance(),
            fixture.spoolDir().toString(),
            String.valueOf(perSecond)));
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    BufferedReader out = process.inputReader();
    for (String line = out.readLine(); !READY.equals(line); line = out.readLine()) {
      if (line == null) {
        throw new IOException("the publishing process ended with " + process.onExit().join());
      }
    }
    return new PublishingProcess(process, out);
  }

  private void read(BufferedReader out) {
    out.lines()
        .forEach(line -> {
          if (line.startsWith("+")) {
            answered.put(line.substring(1), true);
          } else {
            books = line;
          }
        });
  }

  /** Kills it with SIGKILL; returns after all its output is read. */
  Map<String, Boolean> kill() throws InterruptedException {
    // Through its handle: the process itself would close its output as well.
    process.toHandle().destroyForcibly();
    process.waitFor();
    reader.join();
    return answered;
  }

  /** The counts that it printed last. */
  String books() {
    return books;
  }

  int published() {
    return answered.size();
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }

  /** Arguments: bootstrap servers, instance, spool folder, decisions per second. */
  public static void main(String[] args) {
    // Log lines must not mix with the lines that are read.
    PrintStream out = new PrintStream(new FileOutputStream(FileDescriptor.out), true);
    System.setOut(System.err);
    StreamFixture fixture =
        StreamFixture.on(args[0], args[1], Path.of(args[2])).with(DataSize.ofMegabytes(512));
    DecisionStream stream =
        new DecisionStream(
            fixture.properties(StreamFixture.PARTITIONS),
            fixture.kafkaSettings(),
            Clock.systemUTC());
    stream.start();
    out.println(READY);
    long gap = 1_000_000_000L / Integer.parseInt(args[3]);
    long begin = System.nanoTime();
    for (long i = 0; ; i++) {
      while (System.nanoTime() - (begin + i * gap) < 0) {
        LockSupport.parkNanos(begin + i * gap - System.nanoTime());
      }
      CheckResult result = Samples.allowed("client-" + i % 50);
      stream.publisher().publish(result);
      out.println("+" + result.decisionId());
      if (i % 100 == 0) {
        out.println(
            "failed="
                + stream.state().dropped().get(DropReason.SPOOL_FAILED)
                + " spooled="
                + stream.state().spool().events());
      }
    }
  }
}
