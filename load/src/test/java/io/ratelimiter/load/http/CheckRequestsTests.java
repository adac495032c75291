package io.ratelimiter.load.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Set;
import java.util.function.LongUnaryOperator;
import org.junit.jupiter.api.Test;

class CheckRequestsTests {

  @Test
  void aRequestHasItsClientAndItsLength() {
    String request = text(CheckRequests.of(number -> 1_234), 0);

    String body = request.substring(request.indexOf("\r\n\r\n") + 4);
    assertThat(body).isEqualTo("{\"client_id\":\"client-00001234\"}");
    assertThat(request).contains("\r\nContent-Length: " + body.length() + "\r\n");
  }

  @Test
  void requestsOfOneRunDoNotShareBytes() {
    CheckRequests requests = CheckRequests.of(Clients.distinct());
    byte[] first = requests.apply(1);
    byte[] second = requests.apply(2);

    assertThat(first).isNotEqualTo(second);
    assertThat(text(requests, 1)).contains("client-00000001");
  }

  @Test
  void tenantAndLimitKeyAreInTheBody() {
    assertThat(text(CheckRequests.of(Clients.one(), "tight", "login"), 7))
        .endsWith(
            "{\"client_id\":\"client-00000000\",\"tenant\":\"tight\",\"limit_key\":\"login\"}");
  }

  @Test
  void uniformSendsRequestsOfAllClientsAndNoOthers() {
    Set<Long> seen = new HashSet<>();
    LongUnaryOperator clients = Clients.uniform(100);
    for (long number = 0; number < 10_000; number++) {
      seen.add(clients.applyAsLong(number));
    }

    assertThat(seen).hasSize(100).allMatch(client -> client >= 0 && client < 100);
  }

  @Test
  void theFirstClientOfZipfIsTheMostFrequent() {
    LongUnaryOperator clients = Clients.zipf(1_000, 1.1);
    int[] counts = new int[1_000];
    for (long number = 0; number < 100_000; number++) {
      counts[(int) clients.applyAsLong(number)]++;
    }

    assertThat(counts[0]).isBetween(2 * counts[1], 3 * counts[1]);
    assertThat(counts[0]).isGreaterThan(100_000 / 10);
  }

  private static String text(CheckRequests requests, long number) {
    return new String(requests.apply(number), StandardCharsets.US_ASCII);
  }
}
