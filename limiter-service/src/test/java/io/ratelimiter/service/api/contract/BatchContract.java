package io.ratelimiter.service.api.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.ratelimiter.localstack.RedisServer;
import io.ratelimiter.service.api.contract.HttpCaller.Reply;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** {@code POST /v1/check/batch}, line by line. */
public interface BatchContract extends HasEdge {

  /** The store behind the edge. */
  RedisServer redis();

  @Test
  default void a_batch_is_answered_in_order_like_single_checks() {
    String checks =
        IntStream.range(0, 100)
            .mapToObj(i ->
                "{\"client_id\":\"batch-%d\",\"limit_key\":\"/orders\",\"cost\":%d}"
                    .formatted(i % 10, i % 4))
            .collect(Collectors.joining(","));
    JsonNode results =
        http().post("/v1/check/batch", "{\"checks\":[" + checks + "]}").json().get("results");
    assertThat(results).hasSize(100);
    for (int i = 0; i < 100; i++) {
      JsonNode single =
          http()
              .check(
                  "{\"client_id\":\"single-%d\",\"limit_key\":\"/orders\",\"cost\":%d}"
                      .formatted(i % 10, i % 4))
              .json();
      // What is left beside a known block is what was left when the store blocked.
      if (!single.get("source").asString().equals("cache")) {
        assertThat(results.get(i).get("remaining")).isEqualTo(single.get("remaining"));
      }
      assertThat(results.get(i).get("allowed")).isEqualTo(single.get("allowed"));
    }
  }

  @Test
  default void a_batch_asks_the_store_a_hundred_times() {
    String checks =
        IntStream.range(0, 100)
            .mapToObj(i -> "{\"client_id\":\"calls-%d\"}".formatted(i))
            .collect(Collectors.joining(","));
    http().check("{\"client_id\":\"calls\"}");
    redis().command("config", "resetstat");
    http().post("/v1/check/batch", "{\"checks\":[" + checks + "]}");
    assertThat(redis().command("info", "commandstats")).contains("cmdstat_evalsha:calls=100,");
  }

  @Test
  default void one_bad_item_refuses_the_batch_and_charges_nothing() {
    Reply reply =
        http()
            .post(
                "/v1/check/batch",
                "{\"checks\":[{\"client_id\":\"whole\"},{\"client_id\":\"whole\",\"cost\":-1}]}");
    assertThat(reply.status()).isEqualTo(400);
    assertThat(reply.json().get("detail").asString()).contains("checks[1].cost");
    assertThat(http().check("{\"client_id\":\"whole\"}").json().get("remaining").asLong())
        .isEqualTo(99);
  }

  @Test
  default void a_batch_has_1_to_100_checks() {
    String item = "{\"client_id\":\"many\"}";
    String tooMany = String.join(",", java.util.Collections.nCopies(101, item));
    for (String checks : List.of("", tooMany)) {
      Reply reply = http().post("/v1/check/batch", "{\"checks\":[" + checks + "]}");
      assertThat(reply.status()).isEqualTo(400);
      assertThat(reply.json().get("detail").asString()).startsWith("checks must have at");
    }
  }

  @Test
  default void a_batch_has_at_most_256_kib() {
    assertThat(http().post("/v1/check/batch", " ".repeat(256 * 1024 + 1)).status()).isEqualTo(413);
  }
}
