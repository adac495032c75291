package io.ratelimiter.service.api.mvc;

import static org.assertj.core.api.Assertions.assertThat;

import io.ratelimiter.localstack.RedisServer;
import io.ratelimiter.localstack.junit.LocalStack;
import io.ratelimiter.service.ServiceUnderTest;
import io.ratelimiter.service.api.contract.Edge;
import io.ratelimiter.service.api.contract.EdgeContract;
import io.ratelimiter.service.api.contract.HttpCaller;
import io.ratelimiter.service.api.contract.HttpCaller.Reply;
import io.ratelimiter.service.check.AdjustmentResult.Kind;
import java.net.http.HttpRequest;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.web.servlet.DispatcherServlet;
import tools.jackson.databind.JsonNode;

/** The contract of all endpoints except check, batch, authz and settle. */
@LocalStack
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OtherEndpointsIT implements EdgeContract {

  private static final String BEARER = "Bearer " + ServiceUnderTest.ADMIN_TOKEN;

  private final RedisServer redis;
  private final Edge edge;

  OtherEndpointsIT(RedisServer redis) {
    this.redis = redis;
    redis.command("flushall");
    edge = new Edge(ServiceUnderTest::url, Map.of("REDIS_PORT", Integer.toString(redis.port())));
  }

  @AfterAll
  void stop() {
    edge.close();
  }

  @Override
  public Edge edge() {
    return edge;
  }

  @Test
  void usageListsEveryLimitAndChargesNothing() {
    http().check("{\"client_id\":\"used\",\"cost\":7}");
    for (int i = 0; i < 2; i++) {
      JsonNode usage = http().get("/v1/usage?client_id=used").json();
      assertThat(usage.get("limits").get(0).get("remaining").asLong()).isEqualTo(93);
    }
    assertThat(http().get("/v1/usage").json().get("detail").asString()).contains("client_id");
  }

  @Test
  void aRefundCountsOnceForAnIdAndIsPublishedOnce() {
    http().check("{\"client_id\":\"refunded\",\"cost\":50}");
    String refund = "{\"client_id\":\"refunded\",\"cost\":20,\"id\":\"r1\"}";
    JsonNode first = http().post("/v1/admin/refunds", refund, "Authorization", BEARER).json();
    assertThat(first.get("applied").asBoolean()).isTrue();
    assertThat(first.get("limits").get(0).get("given_back").asLong()).isEqualTo(20);
    JsonNode second = http().post("/v1/admin/refunds", refund, "Authorization", BEARER).json();
    assertThat(second.get("applied").asBoolean()).isFalse();
    assertThat(published().adjustmentsOf("refunded"))
        .singleElement()
        .satisfies(made -> assertThat(made.kind()).isEqualTo(Kind.REFUND));
  }

  @Test
  void aResetRestoresAllUnits() {
    http().check("{\"client_id\":\"reset\",\"cost\":50}");
    Reply reply = http().send("DELETE", "/v1/admin/usage?client_id=reset", "Authorization", BEARER);
    assertThat(reply.status()).isEqualTo(200);
    assertThat(
            http().check("{\"client_id\":\"reset\",\"cost\":0}").json().get("remaining").asLong())
        .isEqualTo(100);
    assertThat(published().adjustmentsOf("reset"))
        .singleElement()
        .satisfies(made -> assertThat(made.kind()).isEqualTo(Kind.RESET));
  }

  @Test
  void theAdminPlaneNeedsItsToken() {
    for (String path : List.of("/v1/admin/refunds", "/v1/admin/nothing", "/v1/console/nothing")) {
      for (String authorization : List.of("Bearer wrong", "Bearer", "Basic dG9rZW4=", "")) {
        Reply reply = http().post(path, "{}", "Authorization", authorization);
        assertThat(reply.status()).as(path).isEqualTo(401);
        assertThat(reply.header("WWW-Authenticate")).startsWith("Bearer");
      }
    }
    assertThat(http().post("/v1/%61dmin/nothing", "{}").status()).isEqualTo(401);
    assertThat(http().post("/v1/admin;x=1/nothing", "{}").status()).isEqualTo(400);
    assertThat(http().post("/v1//admin/nothing", "{}").status()).isEqualTo(401);
    assertThat(http().post("/v1/admin/nothing", "{}", "Authorization", BEARER).status())
        .isEqualTo(404);
  }

  @Test
  void wrongTokensAreThrottledByAddress() {
    for (int i = 0; i < 12; i++) {
      // The nearest proxy wrote the last address of the last line.
      Reply reply =
          http()
              .get(
                  i % 2 == 0 ? "/v1/admin/rules" : "/v1/console/status",
                  "Authorization",
                  "Bearer wrong",
                  "X-Forwarded-For",
                  "192.0.2." + i,
                  "X-Forwarded-For",
                  "198.51.100." + i + ", 203.0.113.7");
      assertThat(reply.status()).isEqualTo(i < 10 ? 401 : 429);
    }
    Reply reset =
        http()
            .send(
                "DELETE",
                "/v1/admin/usage?client_id=x",
                "Authorization",
                BEARER,
                "X-Forwarded-For",
                "203.0.113.7");
    assertThat(reset.status()).isEqualTo(429);
    assertThat(Integer.parseInt(reset.header("Retry-After"))).isBetween(1, 6);
    assertThat(
            http().send("DELETE", "/v1/admin/usage?client_id=x", "Authorization", BEARER).status())
        .isEqualTo(200);
    assertThat(http().get("/metrics").text())
        .containsPattern("ratelimiter_admin_wrong_tokens_total\\{answer=\"throttled\"} [3-9]");
  }

  @Test
  void withoutATokenTheAdminPlaneIsClosed() {
    try (ServiceUnderTest closed =
        new ServiceUnderTest(
            Map.of("REDIS_PORT", Integer.toString(redis.port()), "ADMIN_TOKEN", ""))) {
      Reply reply =
          new HttpCaller(closed.url()).post("/v1/admin/refunds", "{}", "Authorization", "Bearer ");
      assertThat(reply.status()).isEqualTo(403);
      assertThat(reply.json().get("detail").asString()).contains("ADMIN_TOKEN");
    }
  }

  @Test
  void healthProbesAndBreakerAnswerInTheDocumentedForm() {
    assertThat(http().get("/health").json().get("redis_available").asBoolean()).isTrue();
    assertThat(http().get("/livez").status()).isEqualTo(200);
    assertThat(http().get("/readyz").json().get("status").asString()).isEqualTo("ready");
    assertThat(http().get("/circuit-breaker-status").text())
        .isEqualTo("{\"state\":\"closed\",\"failure_count\":0,\"time_until_retry_seconds\":0}");
  }

  @Test
  @ExtendWith(OutputCaptureExtension.class)
  void aLogLineHasTheCorrelationIdOfItsRequest(CapturedOutput output) {
    Map<String, String> environment =
        Map.of(
            "REDIS_PORT",
            Integer.toString(redis.port()),
            "logging.level." + DispatcherServlet.class.getName(),
            "DEBUG");
    try (ServiceUnderTest talkative = new ServiceUnderTest(environment)) {
      new HttpCaller(talkative.url()).get("/health", "X-Correlation-ID", "order-4711");
    }
    assertThat(output.getOut().lines())
        .anyMatch(line -> line.contains("[order-4711]") && line.contains("GET \"/health\""));
  }

  @Test
  void allFilesOfTheDocsComeFromTheService() {
    for (String page : List.of("/docs", "/redoc")) {
      Reply reply = exchange(page);
      assertThat(reply.header("Content-Security-Policy")).startsWith("default-src 'none'");
      assertThat(reply.text()).doesNotContain("http://", "https://", "//cdn");
      java.util.regex.Pattern.compile("(?:src|href)=\"([^\"]+)\"")
          .matcher(reply.text())
          .results()
          .forEach(asset -> assertThat(exchange("/" + asset.group(1)).status()).isEqualTo(200));
    }
  }

  @Test
  void unknownPathsAndMethodsOfOtherEndpointsAreProblems() {
    assertThat(http().get("/docs/nothing").status()).isEqualTo(404);
    assertThat(http().send("DELETE", "/health").status()).isEqualTo(405);
    assertThat(http().get("/health", "Accept", "text/html").status()).isEqualTo(406);
  }

  private Reply exchange(String path) {
    return http().unvalidated(path, HttpRequest.Builder::GET);
  }
}
