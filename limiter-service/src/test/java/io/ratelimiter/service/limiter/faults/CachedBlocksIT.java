package io.ratelimiter.service.limiter.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.ratelimiter.localstack.RedisServer;
import io.ratelimiter.localstack.junit.LocalStack;
import io.ratelimiter.localstack.junit.PrivateServers;
import io.ratelimiter.service.ServiceUnderTest;
import io.ratelimiter.service.limiter.Source;
import io.ratelimiter.service.limiter.redis.CommandStats;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Retries of a blocked client are answered without the store, and published. */
@LocalStack
class CachedBlocksIT {

  @Test
  void aCachedBlockSendsNoCommandAndIsADecisionLikeAnyOther(PrivateServers servers) {
    RedisServer redis = servers.redis();
    try (ServiceUnderTest service =
        new ServiceUnderTest(Map.of("REDIS_PORT", Integer.toString(redis.port())))) {
      ServiceCaller caller = new ServiceCaller(service.url());
      caller.check("default", "slow");
      JsonNode blocked = caller.check("default", "slow");
      redis.command("CONFIG", "RESETSTAT");
      List<JsonNode> again = new ArrayList<>();
      for (int i = 0; i < 50; i++) {
        again.add(caller.check("default", "slow"));
      }

      // A block is cached for at most a second, so on a slow machine some checks go to the store.
      long sent = again.stream().filter(answer -> !source(answer).equals("cache")).count();
      assertThat(sent).isLessThan(50);
      assertThat(CommandStats.calls(redis, "evalsha")).isEqualTo(sent);
      assertThat(again)
          .allSatisfy(answer -> {
            assertThat(answer.get("allowed").asBoolean()).isFalse();
            assertThat(answer.get("degraded").asBoolean()).isFalse();
            assertThat(answer.get("reset_at")).isEqualTo(blocked.get("reset_at"));
            assertThat(answer.get("retry_after_ms").asLong())
                .isLessThanOrEqualTo(blocked.get("retry_after_ms").asLong());
          });
      assertThat(service.published().decisionsOf("slow"))
          .filteredOn(made -> made.decision().source() == Source.CACHE)
          .hasSize(50 - (int) sent);
      assertThat(caller.get("/metrics"))
          .containsPattern(
              "ratelimiter_blocked_total\\{.*rule=\"slow\",source=\"cache\".*} " + (50 - sent));
    }
  }

  @Test
  void aRefundAndAResetThroughThisInstanceEndACachedBlockAtOnce(PrivateServers servers) {
    RedisServer redis = servers.redis();
    try (ServiceUnderTest service =
        new ServiceUnderTest(Map.of("REDIS_PORT", Integer.toString(redis.port())))) {
      ServiceCaller caller = new ServiceCaller(service.url());
      assertThat(allowed(caller)).isTrue();
      assertThat(allowed(caller)).isFalse();
      assertThat(caller.refund("slow").get("applied").asBoolean()).isTrue();
      assertThat(allowed(caller)).isTrue();
      assertThat(allowed(caller)).isFalse();
      caller.reset("slow");
      assertThat(allowed(caller)).isTrue();
    }
  }

  private static boolean allowed(ServiceCaller caller) {
    return caller.check("default", "slow").get("allowed").asBoolean();
  }

  private static String source(JsonNode answer) {
    return answer.get("source").asString();
  }
}
