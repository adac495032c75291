package io.ratelimiter.service.limiter.faults;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/**
 * A control group of either version with a CPU quota. Fails without the permission to create one.
 */
final class CpuQuota implements AutoCloseable {

  private static final Path ROOT = Path.of("/sys/fs/cgroup");
  private static final int PERIOD_MICROS = 100_000;

  private final Path parent;
  private final Path group;

  /** Limits a process to this percentage of one CPU, in periods of 100 ms. */
  CpuQuota(long pid, int percent) {
    boolean first = Files.isDirectory(ROOT.resolve("cpu"));
    parent = first ? ROOT.resolve("cpu") : ROOT;
    group = parent.resolve("limiter-quota-" + pid);
    int quotaMicros = PERIOD_MICROS * percent / 100;
    try {
      Files.createDirectory(group);
      if (first) {
        write(group.resolve("cpu.cfs_period_us"), Integer.toString(PERIOD_MICROS));
        write(group.resolve("cpu.cfs_quota_us"), Integer.toString(quotaMicros));
      } else {
        write(parent.resolve("cgroup.subtree_control"), "+cpu");
        write(group.resolve("cpu.max"), quotaMicros + " " + PERIOD_MICROS);
      }
      write(group.resolve("cgroup.procs"), Long.toString(pid));
    } catch (IOException e) {
      throw new UncheckedIOException("no CPU quota can be set: this needs a control group", e);
    }
  }

  private static void write(Path file, String value) throws IOException {
    Files.writeString(file, value);
  }

  /** Ends the quota. */
  @Override
  public void close() throws IOException {
    try (Stream<String> pids = Files.lines(group.resolve("cgroup.procs"))) {
      for (String pid : pids.toList()) {
        write(parent.resolve("cgroup.procs"), pid);
      }
    }
    Awaitility.await().until(() -> Files.readString(group.resolve("cgroup.procs")).isEmpty());
    Files.delete(group);
  }
}
