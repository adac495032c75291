package io.ratelimiter.service.limiter.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.ratelimiter.localstack.RedisServer;
import io.ratelimiter.localstack.junit.LocalStack;
import io.ratelimiter.localstack.junit.PrivateServers;
import io.ratelimiter.service.ServiceUnderTest;
import io.ratelimiter.service.api.contract.HttpCaller;
import java.time.Duration;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** A Redis that may evict counters is reported in health, status and metrics. */
@LocalStack
class EvictionIT {

  @Test
  void aPolicyThatEvictsIsReportedAndOneThatDoesNotIsNot(PrivateServers servers) {
    RedisServer redis = servers.redis();
    redis.command("CONFIG", "SET", "maxmemory", "100mb");
    redis.command("CONFIG", "SET", "maxmemory-policy", "allkeys-lru");
    try (ServiceUnderTest service = on(redis, "")) {
      HttpCaller http = new HttpCaller(service.url());
      awaitEviction(http, "evicting");
      JsonNode health = http.get("/health").json();
      assertThat(health.get("status").asString()).isEqualTo("degraded");
      assertThat(health.get("redis").get("maxmemory_policy").asString()).isEqualTo("allkeys-lru");
      assertThat(health.get("redis").get("evicted_keys").asInt()).isZero();
      assertThat(http.get("/metrics").text()).contains("\nratelimiter_redis_evicting 1.0\n");
      JsonNode status =
          http.unvalidated(
                  "/v1/console/status",
                  request ->
                      request.header("Authorization", "Bearer " + ServiceUnderTest.ADMIN_TOKEN))
              .json();
      assertThat(status.get("redis").get("eviction").asString()).isEqualTo("evicting");

      // The policy is read again after a reconnection.
      redis.command("CONFIG", "SET", "maxmemory-policy", "noeviction");
      redis.command("CLIENT", "KILL", "TYPE", "normal");
      awaitEviction(http, "none");
      assertThat(http.get("/metrics").text()).contains("\nratelimiter_redis_evicting 0.0\n");
    }
  }

  @Test
  void withoutThePermissionForInfoItIsUnknownAndNothingFails(PrivateServers servers) {
    RedisServer redis = servers.redis();
    redis.command("ACL", "SETUSER", "limiter", "on", ">secret", "~rl:*", "+@all", "-info");
    try (ServiceUnderTest service = on(redis, "limiter:secret@")) {
      HttpCaller http = new HttpCaller(service.url());
      Awaitility.await()
          .atMost(Duration.ofSeconds(10))
          .until(() -> eviction(http).path("unknown_because").asString("").startsWith("NOPERM"));
      assertThat(eviction(http).get("eviction").asString()).isEqualTo("unknown");
      assertThat(http.get("/metrics").text()).contains("\nratelimiter_redis_evicting NaN\n");
      assertThat(http.check("{\"client_id\":\"c\"}").json().get("source").asString())
          .isEqualTo("redis");
    }
  }

  private static ServiceUnderTest on(RedisServer redis, String user) {
    return new ServiceUnderTest(
        Map.of("REDIS_URL", "redis://" + user + "localhost:" + redis.port()));
  }

  private static void awaitEviction(HttpCaller http, String state) {
    Awaitility.await(state)
        .atMost(Duration.ofSeconds(10))
        .until(() -> eviction(http).get("eviction").asString().equals(state));
  }

  private static JsonNode eviction(HttpCaller http) {
    return http.get("/health").json().get("redis");
  }
}
