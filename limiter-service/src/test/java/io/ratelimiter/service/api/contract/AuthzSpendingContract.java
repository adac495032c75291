package io.ratelimiter.service.api.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.ratelimiter.service.api.contract.HttpCaller.Reply;
import io.ratelimiter.service.rules.Priority;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Priorities and waits of authz, with the rules of {@code spending-rules.json}. */
public interface AuthzSpendingContract extends EdgeContract {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          /v1/authz?priority=urgent                | priority must be high, normal or low
          /v1/authz?priority=                      | priority must be high, normal or low
          /v1/authz-with/priority=LOW/path         | priority must be high, normal or low
          /v1/authz?max_wait_ms=30001              | max_wait_ms must be a whole number from 0 to 30000
          /v1/authz?max_wait_ms=-1                 | max_wait_ms must be a whole number from 0 to 30000
          /v1/authz?max_wait_ms=                   | max_wait_ms must be a whole number from 0 to 30000
          /v1/authz?max_wait_ms=99999999999999     | max_wait_ms must be a whole number from 0 to 30000
          /v1/authz?max_wait_ms=1e3                | max_wait_ms must be a whole number from 0 to 30000
          /v1/authz?max_wait_ms=1&max_wait_ms=1    | max_wait_ms must be given once
          /v1/authz?hold=true                      | there is no option hold
          /v1/authz?settle_within_ms=1             | there is no option settle_within_ms
          """)
  default void aFaultOfAnOptionIsNamed(String path, String detail) {
    Reply reply = http().get(path, "X-Client-ID", "a");
    assertThat(reply.status()).isEqualTo(400);
    assertThat(reply.json().get("detail").asString()).isEqualTo(detail);
  }

  @Test
  default void thePriorityIsThatOfTheOption() {
    String client = "classed-" + edge().url().getPort();
    http().get("/v1/authz-with/priority=low/x?priority=high", "X-Client-ID", client);
    assertThat(published().decisionsOf(client))
        .singleElement()
        .satisfies(made -> assertThat(made.check().priority()).isEqualTo(Priority.LOW));
  }

  @Test
  default void aWaitingRequestIsHeld() {
    String path = "/v1/authz?max_wait_ms=30000&cost_header=X-C&key=authz-" + edge().url().getPort();
    http().get(path, "X-Client-ID", "held", "X-C", "5");
    long start = System.nanoTime();
    Reply reply = http().get(path, "X-Client-ID", "held", "X-C", "2");
    long tookMillis = (System.nanoTime() - start) / 1_000_000;
    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.http().body()).isEmpty();
    // The units of two seconds, less the time since the first check.
    assertThat(tookMillis).isGreaterThan(0);
    assertThat(published().decisionsOf("held"))
        .filteredOn(made -> made.check().limitKey().startsWith("authz-" + edge().url().getPort()))
        .last()
        .satisfies(made ->
            assertThat(made.decision().waitMicros() / 1_000).isBetween(1L, tookMillis));
  }

  @Test
  default void aMaxWaitHasNoEffectWhereOnlyWindowsApplyAndWhereNothingIsTaken() {
    String path = "/v1/authz?max_wait_ms=30000&cost_header=X-C&key=authz";
    assertThat(http().get(path, "X-Client-ID", "windowed", "X-C", "1").status()).isEqualTo(200);
    assertThat(http().get(path, "X-Client-ID", "held", "X-C", "0").status()).isEqualTo(200);
  }
}
