package io.ratelimiter.load.stack;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Memory of another process. */
public final class Memory {

  private static final Pattern USED = Pattern.compile("used (\\d+)K");
  private static final double KIBI = 1_024;

  private final long pid;

  public Memory(long pid) {
    this.pid = pid;
  }

  /** Resident size, MiB. */
  public double residentMebibytes() {
    return Long.parseLong(output("ps", "-o", "rss=", "-p", String.valueOf(pid)).strip()) / KIBI;
  }

  /** Used heap of a JVM after a full collection, MiB. Pauses the JVM. */
  public double heapAfterCollectionMebibytes() {
    jcmd("GC.run");
    // Sums the generations of the parallel collector; metaspace is not heap.
    return jcmd("GC.heap_info")
        .lines()
        .filter(line -> !line.contains("Metaspace") && !line.contains("class space"))
        .map(USED::matcher)
        .filter(Matcher::find)
        .mapToDouble(used -> Long.parseLong(used.group(1)) / KIBI)
        .sum();
  }

  private String jcmd(String command) {
    String jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
    return output(jcmd, String.valueOf(pid), command);
  }

  private static String output(String... command) {
    try {
      Process process = new ProcessBuilder(List.of(command)).redirectErrorStream(true).start();
      return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
