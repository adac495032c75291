package io.ratelimiter.load.stack;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The rules of a measure. A client of tenant {@code default} meets one token bucket that blocks
 * nobody; other tenants have what their names say.
 *
 * @param fillers rules of clients that never ask
 */
public record RuleFile(int fillers) {

  /** More than any machine asks, for one client as for all. */
  public static final long NOBODY_IS_BLOCKED = 10_000_000;

  /** Tenant whose clients may ask once a second. */
  public static final String TIGHT = "tight";

  /** Tenant whose clients may ask once an hour. */
  public static final String ONCE = "once";

  /** Key of the tenants of {@link #limits}. */
  public static final String KEY = "key";

  private static final int MAX_PER_CELL = 8;
  private static final int WINDOW_SECONDS = 60;

  /** How many limits a check can meet in the tenants of {@link #limits}. */
  public static final List<Integer> LIMITS = List.of(1, 2, 4, 8, 16);

  /** One tenant for each algorithm. */
  public static final List<String> ALGORITHMS =
      List.of("token_bucket", "fixed_window", "sliding_window_counter", "sliding_window");

  /** The tenant whose clients meet so many limits on {@link #KEY}. */
  public static String limits(int limits) {
    return "limits-" + limits;
  }

  /** Writes the file. */
  public Path write(Path file) {
    try (BufferedWriter out = Files.newBufferedWriter(file)) {
      out.write("{\"rules\": [\n");
      everybody(out, "default", NOBODY_IS_BLOCKED, "");
      everybody(out, TIGHT, WINDOW_SECONDS, "");
      out.write(",\n{\"tenant\":\"once\",\"client_id\":\"default\",\"rate\":1,\"window\":3600}");
      for (String algorithm : ALGORITHMS) {
        everybody(out, algorithm, 1_000, ",\"algorithm\":\"" + algorithm + "\"");
      }
      for (int limits : LIMITS) {
        limits(out, limits);
      }
      for (int i = 0; i < fillers; i++) {
        out.write(",\n{\"client_id\":\"filler-%d\",\"rate\":5,\"window\":60}".formatted(i));
      }
      out.write("\n]}\n");
      return file;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void everybody(BufferedWriter out, String tenant, long rate, String more)
      throws IOException {
    out.write(
        "%s{\"tenant\":\"%s\",\"client_id\":\"default\",\"rate\":%d,\"window\":%d%s}"
            .formatted(tenant.equals("default") ? "" : ",\n", tenant, rate, WINDOW_SECONDS, more));
  }

  /** A cell has room for eight; whatever is more is a total over all keys. */
  private static void limits(BufferedWriter out, int limits) throws IOException {
    for (int i = 0; i < limits; i++) {
      String place = i < MAX_PER_CELL ? "\"limit_key\":\"" + KEY + "\"" : "\"always\":true";
      out.write(
          ",\n{\"tenant\":\"%s\",\"name\":\"limit-%d\",\"client_id\":\"default\",\"rate\":%d,\"window\":%d,%s}"
              .formatted(limits(limits), i, NOBODY_IS_BLOCKED, WINDOW_SECONDS + i, place));
    }
  }
}
