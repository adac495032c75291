package io.ratelimiter.service.api.eventloop;

import static org.assertj.core.api.Assertions.assertThat;

import io.ratelimiter.service.ServiceUnderTest;
import io.ratelimiter.service.api.contract.Edge;
import io.ratelimiter.service.api.contract.HttpCaller.Reply;
import io.ratelimiter.service.api.contract.StoreAwayContract;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import tools.jackson.databind.JsonNode;

/** Answers while the store is unavailable. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class StoreAwayIT implements StoreAwayContract {

  private static final String BEARER = "Bearer " + ServiceUnderTest.ADMIN_TOKEN;

  // Port 1 is reserved: nothing listens there.
  private final Edge edge = new Edge(ServiceUnderTest::url, Map.of("REDIS_PORT", "1"));

  @AfterAll
  void stop() {
    edge.close();
  }

  @Override
  public Edge edge() {
    return edge;
  }

  @Test
  void endpointsThatNeedTheStoreAnswer503() {
    Reply refund =
        http().post("/v1/admin/refunds", "{\"client_id\":\"c\"}", "Authorization", BEARER);
    assertThat(refund.status()).isEqualTo(503);
    assertThat(refund.json().get("reason").asString()).isEqualTo("store_unavailable");
    assertThat(
            http().send("DELETE", "/v1/admin/usage?client_id=c", "Authorization", BEARER).status())
        .isEqualTo(503);
  }

  @Test
  void itIsReadyAndHealthReportsDegraded() {
    assertThat(http().get("/readyz").status()).isIn(200, 503);
    JsonNode health = http().get("/health").json();
    assertThat(health.get("status").asString()).isEqualTo("degraded");
    assertThat(health.get("redis_available").asBoolean()).isFalse();
  }
}
