package io.ratelimiter.service.api.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import io.ratelimiter.localstack.RedisServer;
import io.ratelimiter.localstack.junit.LocalStack;
import io.ratelimiter.service.ServiceUnderTest;
import io.ratelimiter.service.api.servlet.HttpCaller.Reply;
import io.ratelimiter.service.decisions.MadeAdjustment.Kind;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import tools.jackson.databind.JsonNode;

/** Everything but the single check, line by line. */
@LocalStack
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OtherEndpointsIT {

  private static final String BEARER = "Bearer " + ServiceUnderTest.ADMIN_TOKEN;

  private RedisServer redis;
  private ServiceUnderTest service;
  private HttpCaller http;

  @BeforeAll
  void start(RedisServer server) {
    redis = server;
    redis.command("flushall");
    service = new ServiceUnderTest(Map.of("REDIS_PORT", Integer.toString(redis.port())));
    http = new HttpCaller(service.url());
  }

  @AfterAll
  void stop() {
    service.close();
  }

  @Test
  void a_batch_is_answered_in_order_like_single_checks() {
    String checks =
        IntStream.range(0, 100)
            .mapToObj(i ->
                "{\"client_id\":\"batch-%d\",\"limit_key\":\"/orders\",\"cost\":%d}"
                    .formatted(i % 10, i % 4))
            .collect(Collectors.joining(","));
    JsonNode results =
        http.post("/v1/check/batch", "{\"checks\":[" + checks + "]}").json().get("results");
    assertThat(results).hasSize(100);
    for (int i = 0; i < 100; i++) {
      JsonNode single =
          http.check(
                  "{\"client_id\":\"single-%d\",\"limit_key\":\"/orders\",\"cost\":%d}"
                      .formatted(i % 10, i % 4))
              .json();
      assertThat(results.get(i).get("remaining")).isEqualTo(single.get("remaining"));
      assertThat(results.get(i).get("allowed")).isEqualTo(single.get("allowed"));
    }
  }

  @Test
  void a_batch_asks_the_store_a_hundred_times() {
    String checks =
        IntStream.range(0, 100)
            .mapToObj(i -> "{\"client_id\":\"calls-%d\"}".formatted(i))
            .collect(Collectors.joining(","));
    http.check("{\"client_id\":\"calls\"}");
    redis.command("config", "resetstat");
    http.post("/v1/check/batch", "{\"checks\":[" + checks + "]}");
    assertThat(redis.command("info", "commandstats")).contains("cmdstat_evalsha:calls=100,");
  }

  @Test
  void one_bad_item_refuses_the_batch_and_charges_nothing() {
    Reply reply =
        http.post(
            "/v1/check/batch",
            "{\"checks\":[{\"client_id\":\"whole\"},{\"client_id\":\"whole\",\"cost\":-1}]}");
    assertThat(reply.status()).isEqualTo(400);
    assertThat(reply.json().get("detail").asString()).contains("checks[1].cost");
    assertThat(http.check("{\"client_id\":\"whole\"}").json().get("remaining").asLong())
        .isEqualTo(99);
  }

  @Test
  void a_batch_has_1_to_100_checks() {
    String item = "{\"client_id\":\"many\"}";
    String tooMany = String.join(",", java.util.Collections.nCopies(101, item));
    for (String checks : List.of("", tooMany)) {
      Reply reply = http.post("/v1/check/batch", "{\"checks\":[" + checks + "]}");
      assertThat(reply.status()).isEqualTo(400);
      assertThat(reply.json().get("detail").asString()).startsWith("checks must have at");
    }
  }

  @Test
  void authz_allows_with_headers_and_no_body_and_blocks_with_429() {
    for (int i = 0; i < 20; i++) {
      Reply reply = http.get("/v1/authz", "X-Client-ID", "api_client");
      assertThat(reply.status()).isEqualTo(200);
      assertThat(reply.header("RateLimit")).startsWith("\"api_client\";r=");
    }
    Reply blocked = http.get("/v1/authz/some/path", "X-Client-ID", "api_client");
    assertThat(blocked.status()).isEqualTo(429);
    assertThat(blocked.header("Retry-After")).isNotNull();
    assertThat(http.get("/v1/authz?blocked_status=403", "X-Client-ID", "api_client").status())
        .isEqualTo(403);
  }

  @Test
  void authz_takes_key_cost_and_tenant() {
    Reply reply =
        http.send(
            "PUT",
            "/v1/authz?tenant=acme",
            "X-Client-ID",
            "keyed",
            "X-Limit-Key",
            "k",
            "X-Cost",
            "3");
    assertThat(reply.header("RateLimit")).startsWith("\"acme\";r=4");
    assertThat(service.published().decisionsOf("keyed"))
        .singleElement()
        .satisfies(made -> assertThat(made.check().limitKey()).isEqualTo("k"));
  }

  @Test
  void authz_by_path_counts_unnamed_paths_as_global_and_writes_of_one_path_as_one() {
    for (String uri :
        List.of(
            "/orders?id=1",
            "/orders#x",
            "//orders",
            "/a/../orders",
            "/%6Frders",
            "http://h/orders")) {
      http.get("/v1/authz?key=path", "X-Client-ID", "pathed", "X-Original-URI", uri);
    }
    http.get("/v1/authz?key=path", "X-Client-ID", "pathed", "X-Forwarded-Uri", "/orders");
    http.get("/v1/authz/orders?key=path", "X-Client-ID", "pathed");
    http.get("/v1/authz/elsewhere/4711?key=path", "X-Client-ID", "pathed");
    assertThat(service.published().decisionsOf("pathed"))
        .extracting(made -> made.check().limitKey())
        .containsExactly(
            "/orders", "/orders", "/orders", "/orders", "/orders", "/orders", "/orders", "/orders",
            "global");
  }

  @Test
  void authz_needs_a_client_and_names_what_is_wrong() {
    assertThat(http.get("/v1/authz").json().get("detail").asString()).contains("X-Client-ID");
    assertThat(
            http.get("/v1/authz", "X-Client-ID", "c", "X-Cost", "1e3")
                .json()
                .get("detail")
                .asString())
        .contains("X-Cost");
    assertThat(http.get("/v1/authz?key=x", "X-Client-ID", "c").status()).isEqualTo(400);
    assertThat(http.get("/v1/authz?blocked_status=200", "X-Client-ID", "c").status())
        .isEqualTo(400);
  }

  @Test
  void usage_shows_every_limit_and_takes_nothing() {
    http.check("{\"client_id\":\"used\",\"cost\":7}");
    for (int i = 0; i < 2; i++) {
      JsonNode usage = http.get("/v1/usage?client_id=used").json();
      assertThat(usage.get("limits").get(0).get("remaining").asLong()).isEqualTo(93);
    }
    assertThat(http.get("/v1/usage").json().get("detail").asString()).contains("client_id");
  }

  @Test
  void a_refund_gives_back_once_for_an_id_and_is_told_once() {
    http.check("{\"client_id\":\"refunded\",\"cost\":50}");
    String refund = "{\"client_id\":\"refunded\",\"cost\":20,\"id\":\"r1\"}";
    JsonNode first = http.post("/v1/admin/refunds", refund, "Authorization", BEARER).json();
    assertThat(first.get("applied").asBoolean()).isTrue();
    assertThat(first.get("limits").get(0).get("given_back").asLong()).isEqualTo(20);
    JsonNode second = http.post("/v1/admin/refunds", refund, "Authorization", BEARER).json();
    assertThat(second.get("applied").asBoolean()).isFalse();
    assertThat(service.published().adjustmentsOf("refunded"))
        .singleElement()
        .satisfies(made -> assertThat(made.kind()).isEqualTo(Kind.REFUND));
  }

  @Test
  void a_reset_gives_all_back() {
    http.check("{\"client_id\":\"reset\",\"cost\":50}");
    Reply reply = http.send("DELETE", "/v1/admin/usage?client_id=reset", "Authorization", BEARER);
    assertThat(reply.status()).isEqualTo(200);
    assertThat(http.check("{\"client_id\":\"reset\",\"cost\":0}").json().get("remaining").asLong())
        .isEqualTo(100);
    assertThat(service.published().adjustmentsOf("reset"))
        .singleElement()
        .satisfies(made -> assertThat(made.kind()).isEqualTo(Kind.RESET));
  }

  @Test
  void the_admin_plane_needs_its_token() {
    for (String path : List.of("/v1/admin/refunds", "/v1/admin/nothing", "/v1/console/nothing")) {
      for (String authorization : List.of("Bearer wrong", "Bearer", "Basic dG9rZW4=", "")) {
        Reply reply = http.post(path, "{}", "Authorization", authorization);
        assertThat(reply.status()).as(path).isEqualTo(401);
        assertThat(reply.header("WWW-Authenticate")).startsWith("Bearer");
      }
    }
    assertThat(http.post("/v1/%61dmin/nothing", "{}").status()).isEqualTo(401);
    assertThat(http.post("/v1/admin;x=1/nothing", "{}").status()).isEqualTo(401);
    assertThat(http.post("/v1//admin/nothing", "{}").status()).isEqualTo(401);
    assertThat(http.post("/v1/admin/nothing", "{}", "Authorization", BEARER).status())
        .isEqualTo(404);
  }

  @Test
  void without_a_token_the_admin_plane_is_closed_and_says_so() {
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
  void blocked_checks_are_429_where_that_is_wanted() {
    try (ServiceUnderTest strict =
        new ServiceUnderTest(
            Map.of("REDIS_PORT", Integer.toString(redis.port()), "BLOCKED_STATUS", "429"))) {
      Reply reply = new HttpCaller(strict.url()).check("{\"client_id\":\"slow\",\"cost\":2}");
      assertThat(reply.status()).isEqualTo(429);
      assertThat(reply.json().get("allowed").asBoolean()).isFalse();
    }
  }

  @Test
  void health_probes_and_breaker_answer_in_the_documented_form() {
    assertThat(http.get("/health").json().get("redis_available").asBoolean()).isTrue();
    assertThat(http.get("/livez").status()).isEqualTo(200);
    assertThat(http.get("/readyz").json().get("status").asString()).isEqualTo("ready");
    assertThat(http.get("/circuit-breaker-status").text())
        .isEqualTo("{\"state\":\"closed\",\"failure_count\":0,\"time_until_retry_seconds\":0}");
  }

  @Test
  void the_docs_come_whole_from_the_service() {
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

  private Reply exchange(String path) {
    return http.unjudged(path, java.net.http.HttpRequest.Builder::GET);
  }

  @Test
  void what_is_not_there_or_not_allowed_is_a_problem() {
    assertThat(http.get("/nothing").status()).isEqualTo(404);
    assertThat(http.get("/v1/check").header("Allow")).isEqualTo("POST");
    assertThat(http.send("DELETE", "/health").status()).isEqualTo(405);
    assertThat(http.get("/health", "Accept", "text/html").status()).isEqualTo(406);
    assertThat(http.post("/v1/check", "{}", "Accept", "image/png").status()).isEqualTo(406);
    assertThat(http.post("/v1/check", "{}", "Content-Type", "text/plain").status()).isEqualTo(415);
    assertThat(http.post("/v1/check", "{}", "Content-Encoding", "gzip").status()).isEqualTo(415);
    assertThat(http.post("/v1/check", " ".repeat(8193)).status()).isEqualTo(413);
    assertThat(http.post("/v1/check/batch", " ".repeat(256 * 1024 + 1)).status()).isEqualTo(413);
  }
}
