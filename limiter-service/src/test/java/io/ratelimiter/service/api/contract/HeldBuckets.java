package io.ratelimiter.service.api.contract;

import java.nio.file.Path;
import java.util.Objects;

/** A bucket of {@code spending-rules.json} that fills slowly enough to hold many checks. */
public final class HeldBuckets {

  private HeldBuckets() {}

  /** Path of the rules. */
  public static String rulesFile() {
    return Path.of(
            Objects.requireNonNull(HeldBuckets.class.getResource("/spending-rules.json")).getPath())
        .toString();
  }

  /**
   * The body of a check that waits for its units and holds its answer. The bucket holds 20 000 and
   * refills 1 000 a second.
   */
  public static String check(long cost) {
    return "{\"client_id\":\"many\",\"cost\":%d,\"max_wait_ms\":30000,\"hold\":true}"
        .formatted(cost);
  }

  /** The bytes of a request with this body. */
  public static String request(String body) {
    return "POST /v1/check HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
        + "Content-Length: "
        + body.length()
        + "\r\n\r\n"
        + body;
  }

  /** The number of answers that are held. */
  public static long held(HttpCaller mainPort) {
    return mainPort
        .get("/metrics")
        .text()
        .lines()
        .filter(line -> line.startsWith("ratelimiter_held_checks "))
        .mapToLong(line -> (long) Double.parseDouble(line.substring(line.indexOf(' ') + 1)))
        .sum();
  }
}
