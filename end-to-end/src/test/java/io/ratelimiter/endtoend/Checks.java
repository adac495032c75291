package io.ratelimiter.endtoend;

import java.nio.charset.StandardCharsets;
import java.util.function.LongFunction;

/** Check requests of several clients in turn. */
final class Checks implements LongFunction<byte[]> {

  private final int clients;

  /**
   * Creates the requests.
   *
   * @param clients number of clients; with fewer clients more checks are blocked
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
