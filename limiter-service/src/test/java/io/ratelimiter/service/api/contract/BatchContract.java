package io.ratelimiter.service.api.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.ratelimiter.localstack.RedisServer;
import io.ratelimiter.service.api.contract.HttpCaller.Reply;
import java.util.List;
import java.util.function.IntUnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The contract of {@code POST /v1/check/batch}. */
public interface BatchContract extends EdgeContract {

  /** The store of the service. */
  RedisServer redis();

  @Test
  default void aBatchIsAnsweredInOrderLikeSingleChecks() {
    JsonNode results = batch("batch-%d", i -> i % 10).get("results");
    assertThat(results).hasSize(100);
    for (int i = 0; i < 100; i++) {
      JsonNode single = http().check(check("single-%d", i % 10, i)).json();
      if (single.get("source").asString().equals("cache")) {
        // A cached block has the remaining units of the time when the store blocked.
        assertThat(results.get(i).get("allowed").asBoolean()).isFalse();
      } else {
        assertThat(withoutTimesAndIds(results.get(i))).isEqualTo(withoutTimesAndIds(single));
      }
    }
  }

  @Test
  default void aBatchSendsAHundredCallsToTheStoreInOneFlush() {
    batch("warm-%d", i -> i);
    redis().command("config", "resetstat");
    long before = reads();
    batch("calls-%d", i -> i);
    assertThat(redis().command("info", "commandstats")).contains("cmdstat_evalsha:calls=100,");
    // Redis reads 16 KiB at a time, and a batch is up to 32 KiB; the other reads are this test's.
    assertThat(reads() - before).isLessThanOrEqualTo(6);
  }

  @Test
  default void anInvalidItemRefusesTheBatchAndChargesNothing() {
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
  default void aBatchHas1To100Checks() {
    String item = "{\"client_id\":\"many\"}";
    String tooMany = String.join(",", java.util.Collections.nCopies(101, item));
    for (String checks : List.of("", tooMany)) {
      Reply reply = http().post("/v1/check/batch", "{\"checks\":[" + checks + "]}");
      assertThat(reply.status()).isEqualTo(400);
      assertThat(reply.json().get("detail").asString()).startsWith("checks must have at");
    }
  }

  @Test
  default void aBatchHasAtMost256Kib() {
    assertThat(http().post("/v1/check/batch", " ".repeat(256 * 1024 + 1)).status()).isEqualTo(413);
  }

  private JsonNode batch(String client, IntUnaryOperator number) {
    String checks =
        IntStream.range(0, 100)
            .mapToObj(i -> check(client, number.applyAsInt(i), i))
            .collect(Collectors.joining(","));
    return http().post("/v1/check/batch", "{\"checks\":[" + checks + "]}").json();
  }

  private static String check(String client, int number, int i) {
    return "{\"client_id\":\"%s\",\"limit_key\":\"/orders\",\"cost\":%d}"
        .formatted(client.formatted(number), i % 4);
  }

  private static JsonNode withoutTimesAndIds(JsonNode answer) {
    ObjectNode copy = ((ObjectNode) answer).deepCopy();
    copy.remove(List.of("decision_id", "correlation_id", "reset_at", "retry_after_ms"));
    copy.get("limits").forEach(limit -> ((ObjectNode) limit).remove("reset_at"));
    return copy;
  }

  /** Number of reads of Redis from its connections. */
  private long reads() {
    Matcher stat =
        Pattern.compile("total_reads_processed:(\\d+)").matcher(redis().command("info", "stats"));
    assertThat(stat.find()).isTrue();
    return Long.parseLong(stat.group(1));
  }
}
