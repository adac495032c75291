package io.ratelimiter.service.api.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.ratelimiter.localstack.RedisServer;
import io.ratelimiter.localstack.junit.LocalStack;
import io.ratelimiter.service.ServiceUnderTest;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Both ports of a service answer with the same bytes, except for ids, times and remaining units.
 */
@LocalStack
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SameAnswersIT {

  private final ServiceUnderTest service;

  SameAnswersIT(RedisServer redis) {
    redis.command("flushall");
    service =
        new ServiceUnderTest(
            Map.of("REDIS_PORT", Integer.toString(redis.port()), "CHECK_PORT", "any"));
  }

  @AfterAll
  void stop() {
    service.close();
  }

  static Stream<String> requests() {
    return Stream.of(
        check("{\"client_id\":\"same\",\"cost\":0}"),
        check("{\"client_id\":\"never\",\"cost\":1000000}"),
        check("{\"client_id\":\"same\",\"cost\":0,\"attributes\":{\"ip\":\"::1\"}}"),
        check("{\"client_id\":\"same\",\"attributes\":{\"ip\":\"\"}}"),
        check("{\"client_id\":\"\"}"),
        check("{\"client_id\":\"a\""),
        check("[]"),
        check(" ".repeat(9_000)),
        post("/v1/check", "text/plain", "{}"),
        post("/v1/check", "application/json\r\nAccept: text/html", "{}"),
        post("/v1/check", "application/json\r\nContent-Encoding: br", "{}"),
        post("/v1/check/batch", "application/json", "{\"checks\":[]}"),
        post(
            "/v1/check/batch",
            "application/json",
            "{\"checks\":[{\"client_id\":\"same\",\"cost\":0},{\"client_id\":\"\u00e9\",\"cost\":0}]}"),
        check("{\"client_id\":\"same\",\"cost\":0,\"priority\":\"low\"}"),
        check("{\"client_id\":\"same\",\"max_wait_ms\":-1}"),
        post("/v1/settle", "application/json", "{}"),
        post(
            "/v1/settle",
            "application/json",
            "{\"client_id\":\"same\",\"decision_id\":\"none\",\"cost\":1}"),
        head("GET", "/v1/settle", ""),
        head("GET", "/v1/check", ""),
        head("PUT", "/v1/check/batch", ""),
        head("GET", "/v1/authz", ""),
        head("GET", "/v1/authz?key=x", "X-Client-ID: a\r\n"),
        head("GET", "/v1/authz/orders?key=path&tenant=acme", "X-Client-ID: a\r\n"),
        head("GET", "/v1/authz-with/key=path,tenant=acme/orders?x", "X-Client-ID: a\r\n"),
        head(
            "OPTIONS",
            "/v1/authz?blocked_status=403&cost_header=X-Cost",
            "X-Client-ID: a\r\nX-Cost: 500000\r\n"),
        head("GET", "/v1/authz?attributes=ip", "X-Client-ID: a\r\nX-Attribute-Ip: ::1\r\n"),
        head("GET", "/v1/authz?attributes=a.b,a_b", "X-Client-ID: a\r\n"),
        head("HEAD", "/v1/authz", "X-Client-ID: a\r\n"),
        head("HEAD", "/v1/authz", ""),
        head("GET", "/v1/authz/%zz", "X-Client-ID: a\r\n"),
        head("GET", "/v1/authz/a%2Fb", "X-Client-ID: a\r\n"),
        head("GET", "/v1/authz?a=%00", "X-Client-ID: a\r\n"),
        head("TRACE", "/v1/authz", ""),
        head("BREW", "/v1/check", ""),
        head("GET", "http://a/v1/authz", "X-Client-ID: a\r\n"),
        head("GET", "/v1/authz", "X-Client-ID: a\r\nExpect: tea\r\n"),
        head("GET", "/v1/authz", "X-Client-ID: a\r\nX: " + "y".repeat(9_000) + "\r\n"),
        head("GET", "/v1/authz?" + "y".repeat(9_000), "X-Client-ID: a\r\n"),
        "GET /v1/authz HTTP/1.0\r\nX-Client-ID: a\r\n\r\n",
        "GET /v1/authz HTTP/1.0\r\nX-Client-ID: a\r\nConnection: keep-alive\r\n\r\n"
            + "GET /v1/authz HTTP/1.0\r\nX-Client-ID: a\r\n\r\n");
  }

  private static String check(String body) {
    return post("/v1/check", "application/json", body);
  }

  private static String post(String path, String type, String body) {
    return head(
            "POST", path, "Content-Type: " + type + "\r\nContent-Length: " + body.length() + "\r\n")
        + body;
  }

  private static String head(String method, String path, String more) {
    return method
        + " "
        + path
        + " HTTP/1.1\r\nHost: a\r\nX-Correlation-ID: same\r\nConnection: close\r\n"
        + more
        + "\r\n";
  }

  @ParameterizedTest
  @MethodSource("requests")
  void bothPortsGiveTheSameAnswers(String request) throws IOException {
    assertThat(answer(service.checkUrl(), request)).isEqualTo(answer(service.url(), request));
  }

  @Test
  void thePortOfChecksServesNothingElse() throws IOException {
    for (String path :
        List.of(
            "/",
            "/health",
            "/metrics",
            "/rules",
            "/v1/usage?client_id=a",
            "/v1/admin/rules",
            "/v1/check/../usage",
            "/v1//check",
            "/%76%31/check")) {
      assertThat(answer(service.checkUrl(), head("GET", path, "")))
          .as(path)
          .startsWith("HTTP/1.1 404 ");
    }
  }

  private static String answer(URI edge, String request) throws IOException {
    try (RawCaller raw = new RawCaller(edge)) {
      return raw.send(request)
          .readToEnd(Duration.ofSeconds(20))
          .replaceAll("Date: [^\r]*", "Date")
          .replaceAll("X-Correlation-ID: [a-z0-9]{16}-[^\r]*", "id")
          .replaceAll("\"(decision|correlation)_id\":\"[^\"]*\"", "id")
          .replaceAll("\"reset_at\":[0-9.]*", "time")
          .replaceAll("r=\\d+(;t=\\d+)?", "left");
    }
  }
}
