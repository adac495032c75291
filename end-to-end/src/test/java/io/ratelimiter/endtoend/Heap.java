package io.ratelimiter.endtoend;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The heap of another JVM, read by {@code jcmd}. */
final class Heap {

  private static final Pattern USED = Pattern.compile("used (\\d+)K");

  private final long pid;

  Heap(long pid) {
    this.pid = pid;
  }

  /** Used heap after a full collection, KiB. Pauses that JVM. */
  long usedAfterCollectionKibibytes() {
    ask("GC.run");
    Matcher used = USED.matcher(ask("GC.heap_info"));
    if (!used.find()) {
      throw new IllegalStateException("jcmd reports no used heap");
    }
    return Long.parseLong(used.group(1));
  }

  private String ask(String command) {
    String jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
    try {
      Process process =
          new ProcessBuilder(jcmd, String.valueOf(pid), command).redirectErrorStream(true).start();
      return new String(process.getInputStream().readAllBytes());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
