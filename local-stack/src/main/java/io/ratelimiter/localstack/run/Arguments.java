package io.ratelimiter.localstack.run;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/**
 * The command line of {@code ./run}.
 *
 * @param fresh whether data of earlier runs is deleted first
 * @param nodes number of limiters, 1 or 2
 * @param open whether other machines can reach the services
 * @param trace whether the services run with the OpenTelemetry agent
 * @param help whether only to print the usage
 */
public record Arguments(boolean fresh, int nodes, boolean open, boolean trace, boolean help) {

  /** The text that {@code --help} prints; the script {@code run} reads the same file. */
  public static String usage() {
    try (InputStream in = Arguments.class.getResourceAsStream("usage.txt")) {
      return new String(
          Objects.requireNonNull(in, "usage.txt").readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Parses the command line.
   *
   * @throws UserError if it is not as {@link #usage} describes
   */
  public static Arguments parse(String... line) {
    boolean fresh = false;
    boolean open = false;
    boolean trace = false;
    boolean help = false;
    int nodes = 1;
    for (int i = 0; i < line.length; i++) {
      switch (line[i]) {
        case "--fresh" -> fresh = true;
        case "--public" -> open = true;
        case "--trace" -> trace = true;
        case "--help", "-h" -> help = true;
        case "--nodes" -> nodes = nodes(++i < line.length ? line[i] : "");
        default -> throw UserError.usage("unknown option " + line[i]);
      }
    }
    return new Arguments(fresh, nodes, open, trace, help);
  }

  private static int nodes(String value) {
    return switch (value) {
      case "1" -> 1;
      case "2" -> 2;
      case "" -> throw UserError.usage("--nodes needs a number, 1 or 2");
      default -> throw UserError.usage("--nodes " + value + ": only 1 or 2 are possible");
    };
  }
}
