package io.ratelimiter.load.http;

import java.nio.charset.StandardCharsets;
import java.util.function.LongFunction;
import java.util.function.LongUnaryOperator;

/**
 * Complete {@code POST /v1/check} requests of equal length, made by copying a template, which costs
 * little processor time.
 */
public final class CheckRequests implements LongFunction<byte[]> {

  private static final int DIGITS = 8;
  private static final String PLACEHOLDER = "#".repeat(DIGITS);

  private final LongUnaryOperator clients;
  private final byte[] template;
  private final int numberEnd;

  private CheckRequests(LongUnaryOperator clients, String body) {
    this.clients = clients;
    String request =
        "POST /v1/check HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
            + "Content-Length: "
            + body.length()
            + "\r\n\r\n"
            + body;
    this.template = request.getBytes(StandardCharsets.US_ASCII);
    this.numberEnd = request.indexOf(PLACEHOLDER) + DIGITS;
  }

  /** Checks with a client id only. */
  public static CheckRequests of(LongUnaryOperator clients) {
    return new CheckRequests(clients, "{\"client_id\":\"client-" + PLACEHOLDER + "\"}");
  }

  /** Checks with client id, tenant and limit key. */
  public static CheckRequests of(LongUnaryOperator clients, String tenant, String limitKey) {
    return new CheckRequests(
        clients,
        "{\"client_id\":\"client-%s\",\"tenant\":\"%s\",\"limit_key\":\"%s\"}"
            .formatted(PLACEHOLDER, tenant, limitKey));
  }

  @Override
  public byte[] apply(long number) {
    byte[] request = template.clone();
    long client = clients.applyAsLong(number);
    for (int i = numberEnd - 1; i >= numberEnd - DIGITS; i--) {
      request[i] = (byte) ('0' + client % 10);
      client /= 10;
    }
    return request;
  }
}
