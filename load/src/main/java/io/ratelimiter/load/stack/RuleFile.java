package io.ratelimiter.load.stack;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The rules of a measure. Clients of tenant {@code default} have one token bucket that never
 * blocks; the rules of other tenants follow from their names.
 *
 * @param fillers number of rules for clients that send no checks
 */
public record RuleFile(int fillers) {

  /** A rate per minute that no load reaches, for one client or for all. */
  public static final long NEVER_BLOCKS = 10_000_000;

  /** Tenant whose clients are allowed one check per second. */
  public static final String TIGHT = "tight";

  /** Tenant whose clients are allowed one check per hour. */
  public static final String ONCE = "once";

  /** Limit key of the tenants of {@link #limits}. */
  public static final String KEY = "key";

  private static final int MAX_PER_CELL = 8;
  private static final int WINDOW_SECONDS = 60;

  /** Numbers of limits per check that have a tenant; see {@link #limits}. */
  public static final List<Integer> LIMITS = List.of(1, 2, 4, 8, 16);

  /** Numbers of layers per check that have a tenant; see {@link #layers}. */
  public static final List<Integer> LAYERS = List.of(1, 2, 3, 5);

  /** What the limits of the layers after the first count by. */
  private static final List<String> BY =
      List.of("[]", "[\"client_id\"]", "[\"limit_key\"]", "[\"client_id\",\"limit_key\"]");

  /** All algorithms; each has a tenant of the same name. */
  public static final List<String> ALGORITHMS =
      List.of("token_bucket", "fixed_window", "sliding_window_counter", "sliding_window");

  /** The tenant whose clients have this number of limits on {@link #KEY}. */
  public static String limits(int limits) {
    return "limits-" + limits;
  }

  /** The tenant whose clients have this number of limits on any key, each in a layer of its own. */
  public static String layers(int layers) {
    return "layers-" + layers;
  }

  /** Writes the file. */
  public Path write(Path file) {
    try (BufferedWriter out = Files.newBufferedWriter(file)) {
      out.write("{\"rules\": [\n");
      allClients(out, "default", NEVER_BLOCKS, "");
      allClients(out, TIGHT, WINDOW_SECONDS, "");
      out.write(",\n{\"tenant\":\"once\",\"client_id\":\"default\",\"rate\":1,\"window\":3600}");
      for (String algorithm : ALGORITHMS) {
        allClients(out, algorithm, 1_000, ",\"algorithm\":\"" + algorithm + "\"");
      }
      for (int limits : LIMITS) {
        limits(out, limits);
      }
      for (int layers : LAYERS) {
        layers(out, layers);
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

  private static void allClients(BufferedWriter out, String tenant, long rate, String more)
      throws IOException {
    out.write(
        "%s{\"tenant\":\"%s\",\"client_id\":\"default\",\"rate\":%d,\"window\":%d%s}"
            .formatted(tenant.equals("default") ? "" : ",\n", tenant, rate, WINDOW_SECONDS, more));
  }

  /** A rule cell holds eight limits; the others apply to all limit keys. */
  private static void limits(BufferedWriter out, int limits) throws IOException {
    for (int i = 0; i < limits; i++) {
      String place = i < MAX_PER_CELL ? "\"limit_key\":\"" + KEY + "\"" : "\"always\":true";
      out.write(
          ",\n{\"tenant\":\"%s\",\"name\":\"limit-%d\",\"client_id\":\"*\",\"rate\":%d,\"window\":%d,%s}"
              .formatted(limits(limits), i, NEVER_BLOCKS, WINDOW_SECONDS + i, place));
    }
  }

  private static void layers(BufferedWriter out, int layers) throws IOException {
    for (int i = 0; i < layers; i++) {
      String by = i == 0 ? "" : ",\"by\":" + BY.get(i - 1);
      out.write(
          ",\n{\"tenant\":\"%s\",\"name\":\"layer-%d\",\"client_id\":\"*\",\"rate\":%d,\"window\":%d%s}"
              .formatted(layers(layers), i, NEVER_BLOCKS, WINDOW_SECONDS + i, by));
    }
  }
}
