package io.ratelimiter.auditor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Locale;

/** A file of figures in the build folder, overwritten with each run. */
public final class Report {

  private final Path file;

  public Report(String name, String head) {
    file = Path.of("target", name);
    try {
      Files.createDirectories(file.getParent());
      Files.writeString(file, head);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Adds a line, and prints it. */
  public void line(String format, Object... values) {
    String line = String.format(Locale.ROOT, format, values);
    System.out.println("report: " + line);
    try {
      Files.writeString(file, line + "\n", StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
