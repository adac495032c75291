package io.ratelimiter.service.api.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import io.ratelimiter.localstack.RedisServer;
import io.ratelimiter.localstack.junit.LocalStack;
import io.ratelimiter.service.ServiceUnderTest;
import io.ratelimiter.service.api.servlet.HttpCaller.Reply;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import tools.jackson.databind.JsonNode;

/** {@code POST /v1/check}, line by line. */
@LocalStack
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CheckContractIT {

  private ServiceUnderTest service;
  private HttpCaller http;

  @BeforeAll
  void start(RedisServer redis) {
    redis.command("flushall");
    service = new ServiceUnderTest(Map.of("REDIS_PORT", Integer.toString(redis.port())));
    http = new HttpCaller(service.url());
  }

  @AfterAll
  void stop() {
    service.close();
  }

  @Test
  void an_allowed_check_has_the_documented_fields_and_no_others() {
    Reply reply = http.check("{\"client_id\":\"api_client\",\"cost\":1}");
    assertThat(reply.status()).isEqualTo(200);
    JsonNode answer = reply.json();
    assertThat(answer.propertyNames())
        .containsExactly(
            "allowed",
            "remaining",
            "limit",
            "window",
            "reset_at",
            "decision_id",
            "correlation_id",
            "rule",
            "rule_revision",
            "algorithm",
            "source",
            "degraded",
            "limits");
    assertThat(answer.get("allowed").asBoolean()).isTrue();
    assertThat(answer.get("remaining").asLong()).isEqualTo(19);
    assertThat(answer.get("limit").asLong()).isEqualTo(20);
    assertThat(answer.get("window").asLong()).isEqualTo(60);
    assertThat(answer.get("source").asString()).isEqualTo("redis");
    assertThat(reply.header("X-Correlation-ID")).isEqualTo(answer.get("correlation_id").asString());
  }

  @Test
  void a_blocked_check_says_why_and_for_how_long() {
    http.check("{\"client_id\":\"slow\"}");
    Reply reply = http.check("{\"client_id\":\"slow\"}");
    assertThat(reply.status()).isEqualTo(200);
    JsonNode answer = reply.json();
    assertThat(answer.get("allowed").asBoolean()).isFalse();
    assertThat(answer.get("reason").asString()).isEqualTo("limit_exceeded");
    assertThat(answer.get("retry_after_ms").asLong()).isBetween(3_590_000L, 3_600_000L);
    assertThat(reply.header("Retry-After")).isEqualTo("3600");
    assertThat(reply.header("RateLimit-Policy")).isEqualTo("\"slow\";q=1;w=3600");
    assertThat(reply.header("RateLimit")).matches("\"slow\";r=0;t=35\\d\\d");
  }
}
