package io.ratelimiter.service.api.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.ratelimiter.service.api.contract.HttpCaller.Reply;
import io.ratelimiter.service.check.AdjustmentResult;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** The contract of {@code POST /v1/settle}, with the rules of {@code spending-rules.json}. */
public interface SettleContract extends EdgeContract {

  @Test
  default void aSettlementGivesTheDifferenceBackOnceAndIsPublishedOnce() {
    String key = "less-" + edge().url().getPort();
    String id = decided(key, 10);
    JsonNode settled = settle(id, 4).json();
    assertThat(settled.get("applied").asBoolean()).isTrue();
    assertThat(settled.get("decision_id").asString()).isEqualTo(id);
    assertThat(settled.get("limit_key").asString()).isEqualTo(key);
    assertThat(settled.get("estimate").asLong()).isEqualTo(10);
    assertThat(settled.get("cost").asLong()).isEqualTo(4);
    assertThat(settled.get("uncharged").asLong()).isZero();
    JsonNode limit = settled.get("limits").get(0);
    assertThat(limit.get("given_back").asLong()).isEqualTo(6);
    assertThat(limit.get("taken").asLong()).isZero();
    assertThat(limit.get("remaining").asLong()).isEqualTo(96);

    JsonNode repeated = settle(id, 9).json();
    assertThat(repeated.get("applied").asBoolean()).isFalse();
    assertThat(repeated.has("adjustment_id")).isFalse();
    assertThat(repeated.get("cost").asLong()).isEqualTo(4);
    assertThat(repeated.get("limits").get(0).get("given_back").asLong()).isEqualTo(6);
    assertThat(published().adjustmentsOf("settling"))
        .filteredOn(made -> made.check().limitKey().equals(key))
        .singleElement()
        .satisfies(made -> {
          assertThat(made.kind()).isEqualTo(AdjustmentResult.Kind.SETTLE);
          assertThat(made.publishedId()).isEqualTo(settled.get("adjustment_id").asString());
          assertThat(made.settled()).isEqualTo(new AdjustmentResult.Settled(id, 4));
        });
  }

  @Test
  default void aSettlementChargesMoreUpToTheOverdraftAndNamesTheRest() {
    String id = decided("more-" + edge().url().getPort(), 10);
    JsonNode settled = settle(id, 125).json();
    assertThat(settled.get("uncharged").asLong()).isEqualTo(15);
    JsonNode limit = settled.get("limits").get(0);
    assertThat(limit.get("taken").asLong()).isEqualTo(100);
    assertThat(limit.get("uncharged").asLong()).isEqualTo(15);
    assertThat(limit.get("remaining").asLong()).isZero();
    assertThat(edge().mainPort().get("/metrics").text())
        .containsPattern("ratelimiter_settlements_total\\{result=\"applied\"} [1-9]")
        .containsPattern("ratelimiter_settlement_uncharged_total [1-9]");
  }

  @Test
  default void theDecisionIsPublishedUnderTheIdOfItsSettlement() {
    String key = "named-" + edge().url().getPort();
    String id = decided(key, 1);
    assertThat(published().decisionsOf("settling"))
        .filteredOn(made -> made.check().limitKey().equals(key))
        .singleElement()
        .satisfies(made -> {
          assertThat(made.decisionId()).isEqualTo(id);
          assertThat(made.check().options().decisionId()).isEqualTo(id);
        });
  }

  @Test
  default void anUnknownDecisionIs404() {
    String plain =
        http().check("{\"client_id\":\"settling\"}").json().get("decision_id").asString();
    assertUnknown(settle(plain, 1), plain);
    String id = decided("other-" + edge().url().getPort(), 1);
    assertUnknown(
        http()
            .post(
                "/v1/settle",
                "{\"client_id\":\"another\",\"decision_id\":\"%s\",\"cost\":1}".formatted(id)),
        id);
    String longest = "a".repeat(64);
    assertUnknown(settle(longest, 1_000_000), longest);
    assertThat(edge().mainPort().get("/metrics").text())
        .containsPattern("ratelimiter_settlements_total\\{result=\"unknown\"} [1-9]");
  }

  private static void assertUnknown(Reply reply, String id) {
    assertThat(reply.status()).isEqualTo(404);
    assertThat(reply.json().get("detail").asString())
        .isEqualTo(
            "decision_id %s is not known or its time to settle is over; its estimate stays charged"
                .formatted(id));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {}                                                      | client_id is required
          {"client_id":"a","cost":1}                              | decision_id is required
          {"client_id":"a","decision_id":"d"}                     | cost is required
          {"client_id":null}                                      | client_id must be a string
          {"client_id":"*"}                                       | client_id must not be *
          {"client_id":"a","client_id":"a"}                       | client_id must be given once
          {"tenant":"A"}                                          | tenant must match [a-z0-9][a-z0-9_-]{0,62}
          {"tenant":7}                                            | tenant must be a string
          {"decision_id":""}                                      | decision_id must match [0-9A-Za-z-]{1,64}
          {"decision_id":"a_b"}                                   | decision_id must match [0-9A-Za-z-]{1,64}
          {"decision_id":"a{b}"}                                  | decision_id must match [0-9A-Za-z-]{1,64}
          {"decision_id":"\\u0000"}                               | decision_id must match [0-9A-Za-z-]{1,64}
          {"decision_id":7}                                       | decision_id must be a string
          {"decision_id":"a","decision_id":"a"}                   | decision_id must be given once
          {"cost":-1}                                             | cost must be a whole number from 0 to 1000000
          {"cost":1000001}                                        | cost must be a whole number from 0 to 1000000
          {"cost":0.5}                                            | cost must be a whole number from 0 to 1000000
          {"cost":null}                                           | cost must be a whole number from 0 to 1000000
          {"cost":1,"cost":1}                                     | cost must be given once
          []                                                      | the body must be a JSON object
          """)
  default void aFaultOfASettlementIsNamed(String body, String detail) {
    Reply reply = http().post("/v1/settle", body);
    assertThat(reply.status()).isEqualTo(400);
    assertThat(reply.json().get("detail").asString()).isEqualTo(detail);
  }

  @Test
  default void aDecisionIdOf65CharactersIsRefused() {
    assertThat(settle("a".repeat(65), 1).status()).isEqualTo(400);
  }

  @Test
  default void itsRequestsAreBoundedLikeChecks() {
    assertThat(http().post("/v1/settle", " ".repeat(8193)).status()).isEqualTo(413);
    assertThat(http().post("/v1/settle", " ".repeat(8192)).status()).isEqualTo(400);
    assertThat(http().get("/v1/settle").header("Allow")).isEqualTo("POST");
    assertThat(http().post("/v1/settle", "{}", "Content-Type", "text/plain").status())
        .isEqualTo(415);
    assertThat(http().post("/v1/settle", "{}", "Accept", "image/png").status()).isEqualTo(406);
  }

  private String decided(String key, long cost) {
    return http()
        .check(
            "{\"client_id\":\"settling\",\"limit_key\":\"%s\",\"cost\":%d,\"settle_within_ms\":60000}"
                .formatted(key, cost))
        .json()
        .get("decision_id")
        .asString();
  }

  private Reply settle(String id, long cost) {
    return http()
        .post(
            "/v1/settle",
            "{\"client_id\":\"settling\",\"decision_id\":\"%s\",\"cost\":%d}".formatted(id, cost));
  }
}
