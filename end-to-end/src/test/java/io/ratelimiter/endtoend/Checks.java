package io.ratelimiter.endtoend;

import java.nio.charset.StandardCharsets;
import java.util.function.LongFunction;

/** Requests of many clients, one after the other. */
final class Checks implements LongFunction<byte[]> {

  private final int clients;

  /**
   * @param clients how many take turns; the fewer, the more of them are blocked
   */
  Checks(int clients) {
    this.clients = clients;
  }

  @Override
  public byte[] apply(long number) {
    String body = "{\"client_id\":\"client-%d\"}".formatted(number % clients);
    return ("POST /v1/check HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
            + "Content-Length: "
            + body.length()
            + "\r\n\r\n"
            + body)
        .getBytes(StandardCharsets.US_ASCII);
  }
}
